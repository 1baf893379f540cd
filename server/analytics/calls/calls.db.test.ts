import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallVisit } from '../../../shared/contract/calls.ts';
import { reduceCaller } from '../../ingest/caller.ts';
import { append } from '../../live/testing.ts';
import { type Bearer, createTestApp, type TestApp } from '../../testing.ts';
import { answeredVisit, insertLegs, insertVisits, visitOf } from './testing.ts';

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
  await ownerSql`insert into sectors (tenant_id, id, name) values (${tenantId}, 'north', 'North')`;
  await ownerSql`
    insert into queues (tenant_id, id, name, sector_id, max_wait_seconds) values
      (${tenantId}, 'sales', 'Sales', 'north', null), (${tenantId}, 'help', 'Help', 'unassigned', 60)`;
  await ownerSql`insert into agents (tenant_id, id, name) values (${tenantId}, 'Agent/7', 'Anna')`;
  await ownerSql`
    insert into agent_names (tenant_id, name, rank) values
      (${tenantId}, 'Agent/7', 0), (${tenantId}, 'Local/7@agents', 9)`;
  const [settings] = await ownerSql<{ caller_key: Uint8Array }[]>`
    update settings set time_zone = 'America/New_York' where tenant_id = ${tenantId} returning caller_key`;
  key = settings?.caller_key ?? key;
  await server.addAccount('manager@example.test', 'manager');
  await server.addAccount('held@example.test', 'supervisor', ['north']);
  manager = (await server.signIn('manager@example.test')).bearer;
  held = (await server.signIn('held@example.test')).bearer;

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

describe('one call', () => {
  beforeAll(async () => {
    const { db, ownerSql, tenantId } = server.test;
    const story = { callId: '17/1:2', queue: 'help' };
    await append(db, tenantId, [
      { kind: 'call.queued', occurredAt: at(100), ...story, origin: 'inbound', caller: 'abc…1234' },
      { kind: 'call.alerted', occurredAt: at(101), ...story, agent: 'Agent/7' },
      {
        kind: 'call.missed',
        occurredAt: at(101) + 9_000,
        ...story,
        agent: 'Agent/7',
        ringMs: 9_000,
        reason: 'no_answer',
      },
      { kind: 'call.answered', occurredAt: at(102), ...story, agent: 'Agent/7' },
      { kind: 'call.held', occurredAt: at(103), callId: '17/1:2', agent: 'Agent/7' },
      { kind: 'call.resumed', occurredAt: at(104), callId: '17/1:2', agent: 'Local/7@agents' },
      {
        kind: 'call.transferred',
        occurredAt: at(105),
        ...story,
        agent: 'Agent/7',
        to: 'sales',
        toKind: 'queue',
        transferKind: 'blind',
      },
    ]);
    await insertVisits(ownerSql, tenantId, [
      answeredVisit({
        callId: '17/1:2',
        queueId: 'help',
        caller: 'abc…1234',
        enteredAt: at(100),
        waitMs: 2 * MINUTE,
        talkMs: 3 * MINUTE,
        identity: 'ext:7',
        isTransferred: true,
      }),
      visitOf({
        callId: '17/1:2',
        nth: 2,
        queueId: 'sales',
        enteredAt: at(105),
        outcome: 'abandoned',
        settledAt: at(106),
        waitMs: MINUTE,
        origin: 'transfer',
      }),
    ]);
    await insertLegs(ownerSql, tenantId, [
      {
        identity: 'ext:7',
        countedAt: at(101) + 9_000,
        callId: '17/1:2',
        kind: 'missed',
        nth: 1,
        queueId: 'help',
        startedAt: at(101),
        endedAt: at(101) + 9_000,
        waitMs: null,
        talkMs: null,
        holdMs: null,
        wrapUpMs: null,
        handledAt: null,
        isTransferred: false,
        isCompleted: false,
      },
    ]);
  });
  const one = (id: string, who = manager) => server.ask('GET', `/calls/${encodeURIComponent(id)}`, who);

  it('is told as it went over queues and agents, with its facts and its events', async () => {
    const answer = await one('17/1:2');
    expect(answer.statusCode, answer.body).toBe(200);
    const { data } = answer.json();
    expect(data).toMatchObject({ callId: '17/1:2', caller: 'abc…1234', isCut: false });
    const steps = data.journey.map(
      (step: {
        at: string;
        step: string;
        queueId: string;
        agentName: string;
        durationMs: number;
        detail: string;
      }) =>
        [step.at.slice(11, 19), step.step, step.queueId, step.agentName, step.durationMs, step.detail]
          .join(' ')
          .trim(),
    );
    expect(steps).toEqual([
      '11:40:00 entered help',
      '11:41:00 rang help Anna',
      '11:41:09 missed help Anna 9000 no_answer',
      '11:42:00 answered help Anna 120000',
      '11:43:00 held  Anna 60000',
      '11:45:00 transferred help Anna  sales',
      '11:45:00 ended help Anna 180000',
      '11:45:00 entered sales',
      '11:46:00 left sales  60000 abandoned',
    ]);
    expect(data.visits.map(({ nth }: CallVisit) => nth)).toEqual([1, 2]);
    expect(data.legs).toMatchObject([{ kind: 'missed', agentId: 'Agent/7', queueId: 'help' }]);
    expect(data.events.map(({ kind }: { kind: string }) => kind)).toEqual([
      'call.queued',
      'call.alerted',
      'call.missed',
      'call.answered',
      'call.held',
      'call.resumed',
      'call.transferred',
    ]);
  });

  it('is 404 when nobody knows it', async () => {
    expect((await one('nobody')).statusCode).toBe(404);
  });

  it('[T9] is shown whole to whom one of its queues is in sight, and else to be unknown', async () => {
    expect((await one('17/1:2', held)).json().data.visits).toHaveLength(2);
    expect((await one('b', held)).statusCode).toBe(404);
    expect((await one('b')).statusCode).toBe(200);
  });

  it('[L13] has a bounded number of events', async () => {
    const { db, tenantId } = server.test;
    for (let batch = 0; batch < 2; batch++) {
      await append(
        db,
        tenantId,
        Array.from({ length: 600 }, (_, i) => ({
          kind: 'source.note',
          occurredAt: at(200) + i,
          callId: 'noisy',
          text: 'x',
        })),
      );
    }
    const { data } = (await one('noisy')).json();
    expect([data.events.length, data.isCut]).toEqual([1_000, true]);
  });
});
