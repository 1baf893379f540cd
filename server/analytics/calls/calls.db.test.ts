import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallVisit } from '../../../shared/contract/calls.ts';
import { reduceCaller } from '../../ingest/caller.ts';
import { type Bearer, createTestApp, type TestApp } from '../../testing.ts';
import { answeredVisit, furnish, insertVisits, visitOf } from './testing.ts';

let server: TestApp;
let manager: Bearer;
let held: Bearer;
let key: Uint8Array = new Uint8Array();

const MINUTE = 60_000;
const TEN = Date.UTC(2026, 2, 2, 10);
const at = (minutes: number) => TEN + minutes * MINUTE;

beforeAll(async () => {
  server = await createTestApp();
  const { ownerSql, tenantId } = server.test;
  const [settings] = await ownerSql<{ caller_key: Uint8Array }[]>`
    update settings set time_zone = 'America/New_York' where tenant_id = ${tenantId} returning caller_key`;
  key = settings?.caller_key ?? key;
  ({ manager, held } = await furnish(server));

  const hashed = (number: string) => reduceCaller(number, { privacy: 'hashed', key });
  await insertVisits(ownerSql, tenantId, [
    answeredVisit({ callId: 'a', enteredAt: at(0), waitMs: 4_000, talkMs: 120_000, identity: 'ext:7' }),
    answeredVisit({ callId: 'b', enteredAt: at(1), waitMs: 40_000, talkMs: 3_000, queueId: 'help' }),
    visitOf({
      callId: 'c',
      enteredAt: at(2),
      outcome: 'abandoned',
      settledAt: at(2) + 90_000,
      waitMs: 90_000,
      caller: hashed('+49 170 1234567'),
    }),
    visitOf({
      callId: 'd',
      enteredAt: at(3),
      outcome: 'key_exit',
      settledAt: at(4),
      waitMs: MINUTE,
      caller: '+1 (212) 555-9876',
    }),
    visitOf({ callId: 'd', enteredAt: at(4), nth: 2, queueId: 'help' }),
    visitOf({ callId: 'e', enteredAt: at(5), nth: -1, outcome: 'refused', caller: 'anonymous' }),
    visitOf({ callId: 'f', enteredAt: Date.now() - 10_000 }),
  ]);
});
afterAll(() => server.close());

async function find(query: Record<string, string | string[]>, who = manager) {
  const text = new URLSearchParams(
    Object.entries(query).flatMap(([name, values]) => [values].flat().map((value) => [name, value])),
  );
  const answer = await server.ask('GET', `/calls?${text}`, who);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<{ data: CallVisit[]; meta: { nextCursor: string | null; seq: number } }>();
}
const found = async (query: Record<string, string | string[]>, who = manager) =>
  (await find(query, who)).data.map(({ callId, nth }) => (nth === 1 ? callId : `${callId}${nth}`)).join(' ');

describe('the list of visits', () => {
  it('is of all there are, the newest first, by names people know', async () => {
    expect(await found({})).toBe('f e-1 d2 d c b a');
    const { data } = await find({ callId: 'a' });
    expect(data).toEqual([
      {
        callId: 'a',
        nth: 1,
        queueId: 'sales',
        queueName: 'Sales',
        sectorId: 'north',
        source: 'test',
        caller: null,
        origin: 'inbound',
        outcome: 'answered',
        enteredAt: '2026-03-02T10:00:00.000Z',
        position: null,
        settledAt: '2026-03-02T10:00:04.000Z',
        waitMs: 4_000,
        agentId: 'Agent/7',
        agentName: 'Anna',
        endedAt: '2026-03-02T10:02:04.000Z',
        talkMs: 120_000,
        holdMs: null,
        wrapUpMs: 0,
        handledAt: '2026-03-02T10:02:04.000Z',
        isTransferred: false,
        isCompleted: true,
        isInferred: false,
        isOutsideHours: false,
        isCalledBack: false,
        continuedTo: null,
      },
    ]);
  });

  it.each<[string, Record<string, string | string[]>, string]>([
    [
      'from and to, the end not included',
      { from: '2026-03-02T10:01:00Z', to: '2026-03-02T10:03:00Z' },
      'c b',
    ],
    ['an instant with another zone', { to: '2026-03-02T11:01:00+01:00' }, 'a'],
    ['[T1] local days, both included', { startDate: '2026-03-02', endDate: '2026-03-02' }, 'e-1 d2 d c b a'],
    [
      '[T1] days of another zone',
      { startDate: '2026-03-03', endDate: '2026-03-03', timeZone: 'Pacific/Kiritimati' },
      'e-1 d2 d c b a',
    ],
    ['a queue', { queue: 'help' }, 'd2 b'],
    ['several queues', { queue: ['help', 'sales'], to: '2026-03-02T10:02:30Z' }, 'c b a'],
    ['a queue nobody knows', { queue: 'none' }, ''],
    ['an agent by any of his names', { agent: 'Local/7@agents' }, 'a'],
    ['an outcome', { outcome: 'key_exit' }, 'd'],
    ['refusals', { outcome: 'refused' }, 'e-1'],
    ['several outcomes', { outcome: ['abandoned', 'answered'] }, 'c b a'],
    ['[V10] ghosts as lost', { outcome: 'lost' }, 'd2'],
    ['[V10] open ones without ghosts', { outcome: 'open' }, 'f'],
    ['long waits', { minWaitMs: '60000' }, 'd c'],
    ['short waits, of those whose wait is over', { maxWaitMs: '5000' }, 'a'],
    ['a range of waits', { minWaitMs: '40000', maxWaitMs: '60000' }, 'd b'],
    ['long talks', { minTalkMs: '100000' }, 'a'],
    ['short talks', { maxTalkMs: '5000' }, 'b'],
    ['a number, however typed, that is kept as a hash', { caller: '+49170-1234567' }, 'c'],
    ['a number kept in clear', { caller: '+1 (212) 555-9876' }, 'd'],
    ['withheld numbers', { caller: 'Anonymous' }, 'e-1'],
    ['last digits, hashed', { callerDigits: '4567' }, 'c'],
    ['last digits, in clear', { callerDigits: '9876' }, 'd'],
    ['a call', { callId: 'd' }, 'd2 d'],
    ['[SL0] those within T', { counted: 'met' }, 'a'],
    ['[SL0] those beyond T', { counted: 'missed', to: '2026-03-03T00:00:00Z' }, 'd c b'],
    ['[SL0] those beyond another T', { counted: 'missed', threshold: '60', to: '2026-03-03T00:00:00Z' }, 'c'],
    [
      '[SL1] those several figures count',
      { counted: ['met', 'missed'], to: '2026-03-03T00:00:00Z' },
      'd c b a',
    ],
    [
      '[SL1] less those another counts',
      { counted: ['met', 'missed'], notCounted: ['abandoned', 'met'], to: '2026-03-03T00:00:00Z' },
      'd b',
    ],
    ['what no figure counts', { notCounted: ['offered'] }, 'e-1'],
    ['those of a sector', { sector: 'north', counted: 'offered' }, 'f d c a'],
    ['those of several sectors', { sector: ['unassigned', 'north'], outcome: 'answered' }, 'b a'],
    ['those of a queue of a sector', { sector: 'north', queue: ['help', 'sales'], outcome: 'answered' }, 'a'],
    ['those of a sector there is not', { sector: 'south' }, ''],
    ['abandons that are short under a limit', { counted: 'shortAbandoned', shortAbandon: '90' }, 'c'],
    ['several things at once', { queue: 'sales', outcome: 'abandoned', maxWaitMs: '90000' }, 'c'],
  ])('can be narrowed to %s', async (_what, query, expected) => {
    expect(await found(query)).toBe(expected);
  });

  it('shows a caller as the log has it, never the number behind it', async () => {
    const { data } = await find({ caller: '+49170-1234567' });
    expect(data[0]?.caller).toMatch(/^[0-9a-f]{16}…4567$/);
    expect((await find({ callerDigits: '9876' })).data[0]?.caller).toBe('+1 (212) 555-9876');
    // What an answer shows is taken back as it is.
    expect(await found({ caller: data[0]?.caller ?? '' })).toBe('c');
  });

  it('[T9] holds those of the sectors in sight, whatever is asked for', async () => {
    expect(await found({}, held)).toBe('f e-1 d c a');
    expect(await found({ queue: ['help', 'sales'] }, held)).toBe('f e-1 d c a');
    expect(await found({ queue: 'help' }, held)).toBe('');
    expect(await found({ sector: ['north', 'unassigned'] }, held)).toBe('f e-1 d c a');
    expect(await found({ sector: 'unassigned' }, held)).toBe('');
    expect(await found({ callId: 'd' }, held)).toBe('d');
    const csv = await server.ask('GET', '/calls.csv', held);
    expect(csv.body).not.toContain('help');
  });

  it('goes page by page, missing and repeating nothing while more arrive', async () => {
    const { ownerSql } = server.test;
    const tenantId = server.test.tenantId;
    const all = (await found({ to: '2026-03-03T00:00:00Z' })).split(' ');
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 10; page++) {
      const query: Record<string, string> = { limit: '2', to: '2026-03-03T00:00:00Z' };
      if (cursor !== null) query.cursor = cursor;
      const { data, meta } = await find(query);
      seen.push(...data.map(({ callId, nth }) => (nth === 1 ? callId : `${callId}${nth}`)));
      cursor = meta.nextCursor;
      if (cursor === null) break;
      await insertVisits(ownerSql, tenantId, [visitOf({ callId: `new-${page}`, enteredAt: at(30 + page) })]);
    }
    expect(seen).toEqual(all);
    expect(await found({ callId: 'new-0' })).toBe('new-0');
    await ownerSql`delete from queue_visits where tenant_id = ${tenantId} and call_id like 'new-%'`;
  });

  it('[S71] as CSV, by its name or by what is accepted, holds the same rows whole', async () => {
    const { data } = await find({});
    const named = await server.ask('GET', '/calls.csv', manager);
    expect(named.headers['content-type']).toContain('text/csv');
    const accepted = await server.ask('GET', '/calls', { ...manager, accept: 'text/csv' });
    expect(accepted.body).toBe(named.body);
    // No cell of these holds a comma.
    const [columns = [], ...rows] = named.body
      .slice(1)
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(',').map((cell) => cell.replace(/^'/, '')));
    expect(columns.map((name) => name.replaceAll('_', ''))).toEqual(
      Object.keys(data[0] ?? {}).map((name) => name.toLowerCase()),
    );
    expect(rows).toEqual(
      data.map((visit) => Object.values(visit).map((value) => (value === null ? '' : String(value)))),
    );
  });

  it('[L13] as CSV comes in pages, every row once', async () => {
    const { ownerSql, tenantId } = server.test;
    const many = Array.from({ length: 2_300 }, (_, i) =>
      visitOf({ callId: `many-${i}`, queueId: 'many', enteredAt: at(60) + Math.floor(i / 7) }),
    );
    await insertVisits(ownerSql, tenantId, many);
    const { body } = await server.ask('GET', '/calls.csv?queue=many', manager);
    const ids = body.match(/many-\d+/g) ?? [];
    expect(ids).toHaveLength(2_300);
    expect(new Set(ids).size).toBe(2_300);
    await ownerSql`delete from queue_visits where tenant_id = ${tenantId} and queue_id = 'many'`;
  });

  it.each([
    ['colour=red', 'colour'],
    ['from=yesterday', 'from'],
    ['from=2026-03-02T10:00:00', 'from'],
    ['from=0001-01-01T00:00:00Z', 'from'],
    ['startDate=2026-02-30', 'startDate'],
    ['startDate=9999-01-01', 'startDate'],
    ['startDate=2026-03-02&endDate=2026-03-01', 'endDate'],
    ['from=2026-03-02T10:00:00Z&to=2026-03-02T10:00:00Z', 'to'],
    ['from=2026-03-02T10:00:00Z&startDate=2026-03-02', 'startDate'],
    ['timeZone=Mars/Olympus', 'timeZone'],
    ['outcome=eaten', 'outcome'],
    ['outcome=answered&outcome=eaten', 'outcome'],
    ['counted=everything', 'counted'],
    ['counted=met&counted=everything', 'counted'],
    ['notCounted=nothing', 'notCounted'],
    ['notCounted=', 'notCounted'],
    ['sector=', 'sector'],
    [Array.from({ length: 201 }, (_, i) => `sector=s${i}`).join('&'), 'sector'],
    ['threshold=-1', 'threshold'],
    ['minWaitMs=-1', 'minWaitMs'],
    ['minWaitMs=1.5', 'minWaitMs'],
    ['minWaitMs=soon', 'minWaitMs'],
    ['minWaitMs=10&maxWaitMs=9', 'maxWaitMs'],
    ['minTalkMs=10&maxTalkMs=9', 'maxTalkMs'],
    ['callerDigits=12', 'callerDigits'],
    ['queue=', 'queue'],
    [Array.from({ length: 201 }, (_, i) => `queue=q${i}`).join('&'), 'queue'],
    ['agent=%00', 'agent'],
    ['cursor=x', 'cursor'],
    ['limit=501', 'limit'],
  ])('[S45] refuses %s, naming the field', async (query, path) => {
    const answer = await server.ask('GET', `/calls?${query}`, manager);
    expect([answer.statusCode, answer.json().error.issues[0].path]).toEqual([400, path]);
  });

  it('refuses pages of a file', async () => {
    for (const query of ['limit=5', 'cursor=x'])
      expect((await server.ask('GET', `/calls.csv?${query}`, manager)).statusCode).toBe(400);
  });
});
