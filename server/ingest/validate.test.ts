import { describe, expect, it } from 'vitest';
import { checkEvent } from './validate.ts';

const now = Date.UTC(2026, 10, 23, 12);
const good = {
  source: 'pbx',
  sourceKey: 'k',
  occurredAt: now,
  kind: 'call.answered',
  callId: 'c',
  queue: 'q',
  agent: 'a',
};

function fields(value: unknown): string[] {
  const checked = checkEvent(value, 3, now);
  if ('event' in checked) return [];
  expect(checked.issues.every((issue) => issue.index === 3 && issue.message.length > 0)).toBe(true);
  return checked.issues.map((issue) => issue.path);
}

describe('checkEvent', () => {
  it('takes a good event, its instant truncated to milliseconds', () => {
    expect(checkEvent({ ...good, occurredAt: '2026-11-23T11:59:59.9999Z' }, 0, now)).toMatchObject({
      event: { occurredAt: now - 1, sourceOrder: 0 },
    });
  });

  it.each([
    ['1970', 0],
    ['1970 in text', '1970-01-01T00:00:00Z'],
    ['year 9999', '9999-12-31T00:00:00Z'],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['negative', -1],
    ['2^53', 2 ** 53],
    ['no zone', '2026-11-23T11:59:59'],
    ['text', 'yesterday'],
    ['401 days ago', now - 401 * 86_400_000],
    ['6 minutes ahead', now + 6 * 60_000],
    ['absent', undefined],
    ['null', null],
  ])('[S62] refuses occurredAt: %s', (_title, occurredAt) => {
    expect(fields({ ...good, occurredAt })).toEqual(['occurredAt']);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 2 ** 53, 8 * 86_400_000, '5'])(
    '[S62] refuses waitMs: %s',
    (waitMs) => {
      expect(fields({ ...good, waitMs })).toEqual(['waitMs']);
    },
  );

  it.each([
    ['NUL', 'a\u0000b'],
    ['a lone surrogate', 'a\ud800'],
    ['a direction override', 'a\u202eb'],
    ['a name of 1 MB', 'x'.repeat(1_000_000)],
    ['nothing', ''],
    ['a number', 5],
  ])('[S63] refuses %s as an id', (_title, agent) => {
    expect(fields({ ...good, agent })).toEqual(['agent']);
  });

  it.each(['👩‍💻', '__proto__', 'constructor', "'; drop table calls; --"])(
    '[S63] takes %s as an id, inert',
    (agent) => {
      expect(checkEvent({ ...good, agent }, 0, now)).toMatchObject({ event: { agent } });
    },
  );

  it('names what is not a field, and what is missing', () => {
    expect(fields({ ...good, wait: 5 })).toEqual(['wait']);
    expect(fields({ ...good, queue: undefined })).toEqual(['queue']);
    expect(fields({ ...good, kind: 'call.vanished' })).toEqual(['kind']);
    for (const value of [null, 'x', 5, []]) expect(fields(value)).not.toEqual([]);
  });

  it('[L13] tells a bounded number of problems', () => {
    const hostile = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`x${index}`, 1]));
    expect(fields({ ...good, ...hostile }).length).toBeLessThanOrEqual(20);
  });
});
