import { describe, expect, it } from 'vitest';
import { ingestEvent } from './events.ts';
import { logEvent } from './logEvent.ts';

const row = {
  seq: 7,
  recordedAt: 2_000,
  occurredAt: 1_000,
  kind: 'call.queued',
  source: 'pbx',
  sourceKey: 'k',
  sourceOrder: 3,
  callId: 'c',
  queue: 'q',
  agent: null,
  body: { origin: 'inbound', caller: '…1234', priority: 5, skills: ['en'] },
};

describe('the event of a row', () => {
  it('holds every field of the row and of its body, also those nothing folds', () => {
    const { agent: _none, body, ...columns } = row;
    expect(logEvent(row)).toEqual({ ...columns, ...body });
  });

  it('has the fields of every kind, in one order, whatever its own', () => {
    const common = Object.keys(logEvent({ ...row, body: {} }));
    for (const { shape } of ingestEvent.options) {
      const other = logEvent({ ...row, kind: shape.kind.value, body: { text: 'x', ringMs: 1 } });
      expect(Object.keys(other).slice(0, common.length)).toEqual(common);
    }
  });
});
