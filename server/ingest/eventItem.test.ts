import { describe, expect, it } from 'vitest';
import { ingestEvent } from '../../shared/contract/events.ts';
import { eventItem, type IngestPolicy } from './eventItem.ts';

const policy: IngestPolicy = {
  callers: { privacy: 'hashed', key: new Uint8Array(32).fill(1) },
  namespaces: new Map([['berlin', 'b/']]),
  keptSince: null,
  refusedKinds: new Set<string>(),
};

function item(fields: Record<string, unknown>): Record<string, unknown> {
  const event = ingestEvent.parse({
    source: 'pbx',
    sourceKey: '1',
    occurredAt: 1_700_000_000_000,
    ...fields,
  });
  const made = eventItem(event, policy);
  if (typeof made !== 'string') throw new Error(made.message);
  return JSON.parse(made);
}

describe('eventItem', () => {
  it('lets no caller number through in full', () => {
    const queued = { kind: 'call.queued', callId: 'c', queue: 'q', caller: '+15550001234' };
    expect(item(queued).body).toEqual({
      caller: expect.stringMatching(/^[0-9a-f]{16}…1234$/),
      origin: 'inbound',
    });
    const dialed = item({ kind: 'call.dialed', callId: 'c', agent: 'a', number: '15550001234' });
    expect(JSON.stringify(dialed)).not.toContain('0001234');
  });

  it('masks numbers in notes, which keep what nobody understood', () => {
    const note = item({ kind: 'source.note', text: 'DID|15550001234' });
    expect(note.body).toEqual({ text: 'DID|…1234' });
  });

  it('[L2] keys an event by its source and source key', () => {
    const made = item({ kind: 'call.held', callId: 'c' });
    // sha256 of 'pbx', 0x1f, '1', computed independently.
    expect(made.key).toBe('eae5a0c0206c9a35b68995ee04676573');
    expect(item({ kind: 'call.held', callId: 'other' }).key).toBe(made.key);
    expect(item({ kind: 'call.held', callId: 'c', source: 'pbx2' }).key).not.toBe(made.key);
  });

  it('an interface seen only in memberships is not a person', () => {
    expect(item({ kind: 'agent.joined', agent: 'SIP/1', queue: 'q' }).isPerson).toBe(false);
    expect(item({ kind: 'agent.left', agent: 'SIP/1', queue: 'q' }).isPerson).toBe(false);
    expect(item({ kind: 'agent.signed_in', agent: 'SIP/1' }).isPerson).toBe(true);
  });

  it('puts the namespace of a source before its call, queue and agent ids', () => {
    const moved = {
      kind: 'call.transferred',
      source: 'berlin',
      callId: 'c',
      queue: 'q',
      agent: 'a',
      to: 'x',
      toKind: 'queue',
    };
    expect(item(moved)).toMatchObject({ callId: 'b/c', queue: 'b/q', agent: 'b/a', body: { to: 'b/x' } });
    const signedIn = { kind: 'agent.signed_in', source: 'berlin', agent: 'a', queues: ['q', 'r'] };
    expect(item(signedIn)).toMatchObject({ agent: 'b/a', body: { queues: ['b/q', 'b/r'] } });
    expect(item({ ...moved, source: 'pbx' })).toMatchObject({ callId: 'c', body: { to: 'x' } });
  });

  it('names the id that a namespace makes too long', () => {
    const event = ingestEvent.parse({
      source: 'berlin',
      sourceKey: '1',
      occurredAt: 1,
      kind: 'call.held',
      callId: 'c'.repeat(127),
    });
    expect(eventItem(event, policy)).toMatchObject({ field: 'callId' });
  });

  it('takes in nothing older than what is kept, nor a kind that is turned off, naming the field', () => {
    const held = ingestEvent.parse({
      source: 'pbx',
      sourceKey: '1',
      occurredAt: 1_700_000_000_000,
      kind: 'call.held',
      callId: 'c',
    });
    const keptSince = 1_700_000_000_001;
    expect(eventItem(held, { ...policy, keptSince })).toEqual({
      field: 'occurredAt',
      message: 'must not be before 2023-11-14T22:13:20.001Z: what is older is not kept',
    });
    expect(eventItem(held, { ...policy, keptSince: keptSince - 1 })).toEqual(expect.any(String));
    expect(eventItem(held, { ...policy, refusedKinds: new Set(['call.held']) })).toEqual({
      field: 'kind',
      message: 'call.held is turned off in the settings',
    });
  });

  it('[S63] __proto__ as an id is a name like any other', () => {
    const made = item({ kind: 'call.queued', callId: '__proto__', queue: '__proto__' });
    expect(made).toMatchObject({ callId: '__proto__', queue: '__proto__' });
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  });
});
