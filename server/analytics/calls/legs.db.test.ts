import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LegRow, legRow, legsAnswer } from '../../../shared/contract/legs.ts';
import type { LegFact } from '../../../shared/metrics/facts.ts';
import { inTenant } from '../../db/connect.ts';
import { type Bearer, createTestApp, type TestApp } from '../../testing.ts';
import { type LegFilter, legsQuery } from './legs.ts';
import { furnish, insertLegs } from './testing.ts';
import { planForValues } from './visits.ts';

let server: TestApp;
let manager: Bearer;
let held: Bearer;

const TEN = Date.UTC(2026, 2, 2, 10);
const at = (minutes: number) => TEN + minutes * 60_000;

const leg = (own: Partial<LegFact> & Pick<LegFact, 'callId'>, minutes: number): LegFact => ({
  identity: 'anna',
  kind: 'missed',
  nth: 1,
  queueId: 'sales',
  countedAt: at(minutes),
  startedAt: at(minutes),
  endedAt: at(minutes),
  waitMs: null,
  talkMs: null,
  holdMs: null,
  wrapUpMs: null,
  handledAt: null,
  isTransferred: false,
  isCompleted: false,
  ...own,
});

beforeAll(async () => {
  server = await createTestApp();
  const { ownerSql, tenantId } = server.test;
  ({ manager, held } = await furnish(server));
  await insertLegs(ownerSql, tenantId, [
    leg({ callId: 'a' }, 0),
    leg({ callId: 'b', queueId: 'help' }, 1),
    leg({ callId: 'c', queueId: '' }, 2),
    leg({ callId: 'd', identity: 'ext:7' }, 2),
    leg({ callId: 'e', identity: 'ext:7', queueId: '' }, 3),
    leg({ callId: 'f', kind: 'outbound', queueId: '', talkMs: 60_000 }, 4),
    leg({ callId: 'g', kind: 'answered' }, 4),
    leg({ callId: 'h' }, 60 * 24),
  ]);
});
afterAll(() => server.close());

async function legsOf(query: string, who = manager): Promise<LegRow[]> {
  const rows: LegRow[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await server.ask('GET', `/legs?${query}&limit=2${cursor && `&cursor=${cursor}`}`, who);
    expect(answer.statusCode, answer.body).toBe(200);
    const { data, meta } = legsAnswer.parse(answer.json());
    rows.push(...data);
    cursor = meta.nextCursor;
  }
  return rows;
}
const callsOf = async (query: string, who?: Bearer) =>
  (await legsOf(query, who)).map(({ callId }) => callId).join('');

describe('[A6] rings that nobody took, and outbound calls', () => {
  it.each([
    ['kind=missed', 'hedcba'],
    ['kind=missed&startDate=2026-03-02&endDate=2026-03-02', 'edcba'],
    ['kind=missed&from=2026-03-02T10:01:00Z&to=2026-03-02T10:03:00Z', 'dcb'],
    ['kind=missed&queue=sales', 'hda'],
    ['kind=missed&queue=sales&queue=help&agent=anna', 'hba'],
    ['kind=missed&agent=anna', 'hcba'],
    ['kind=missed&agent=Agent/7', 'ed'],
    ['kind=missed&ofQueues=true', 'hdba'],
    ['kind=missed&agent=nobody', ''],
    ['kind=outbound', 'f'],
    ['kind=outbound&ofQueues=true', ''],
  ])('%s, the latest first and page by page, each once', async (query, calls) => {
    expect(await callsOf(query)).toBe(calls);
  });

  it('are told with who, when and how long', async () => {
    expect(await legsOf('kind=outbound')).toMatchObject([
      {
        kind: 'outbound',
        agentId: 'anna',
        queueId: null,
        queueName: null,
        talkMs: 60_000,
        countedAt: '2026-03-02T10:04:00.000Z',
      },
    ]);
  });

  it('are told with the name of the queue, or its id where it has none', async () => {
    const { ownerSql, tenantId } = server.test;
    await insertLegs(ownerSql, tenantId, [leg({ callId: 'i', queueId: 'gone', countedAt: at(-60 * 24) }, 0)]);
    const named = await legsOf('kind=missed');
    await ownerSql`delete from agent_metrics where tenant_id = ${tenantId} and queue_id = 'gone'`;
    expect(named.map(({ callId, queueId, queueName }) => [callId, queueId, queueName])).toEqual([
      ['h', 'sales', 'Sales'],
      ['e', null, null],
      ['d', 'sales', 'Sales'],
      ['c', null, null],
      ['b', 'help', 'Help'],
      ['a', 'sales', 'Sales'],
      ['i', 'gone', 'gone'],
    ]);
  });

  it('[S46] whoever is held to sectors finds those of his queues, and of his agents where they are of no queue', async () => {
    expect(await callsOf('kind=missed', held)).toBe('hda');
    expect(await callsOf('kind=missed&queue=help', held)).toBe('');
    const { db, tenantId } = server.test;
    await inTenant(
      db,
      tenantId,
      (tx) => tx`update agents set sector_id = 'north' where tenant_id = ${tenantId} and id = 'Agent/7'`,
    );
    expect(await callsOf('kind=missed', held)).toBe('heda');
    expect(await callsOf('kind=outbound', held)).toBe('');
  });

  it('[S71] as CSV, by its name or by what is accepted, holds the same rows whole', async () => {
    const rows = await legsOf('kind=missed', held);
    const named = await server.ask('GET', '/legs.csv?kind=missed', held);
    expect(named.headers['content-type']).toContain('text/csv');
    expect(named.headers['content-disposition']).toContain('legs.csv');
    const accepted = await server.ask('GET', '/legs?kind=missed', { ...held, accept: 'text/csv' });
    expect(accepted.body).toBe(named.body);
    const [columns, ...lines] = named.body.slice(1).trimEnd().split('\r\n');
    expect(columns).toBe(
      'kind,agent_id,agent_name,queue_id,queue_name,started_at,ended_at,wait_ms,talk_ms,hold_ms,wrap_up_ms,is_transferred,is_completed,call_id,counted_at',
    );
    expect(rows.length).toBeGreaterThan(1);
    // No cell of these holds a comma.
    expect(lines).toEqual(
      rows.map((row) =>
        Object.values(legRow.parse(row))
          .map((one) => one ?? '')
          .join(),
      ),
    );
  });

  it('[L13] as CSV comes in pages, every row once', async () => {
    const { ownerSql, tenantId } = server.test;
    const many = Array.from({ length: 2_300 }, (_, i) =>
      leg({ callId: `many-${i}`, queueId: 'many', countedAt: at(60) + Math.floor(i / 7) }, 60),
    );
    await insertLegs(ownerSql, tenantId, many);
    const { body } = await server.ask('GET', '/legs.csv?kind=missed&queue=many', manager);
    const ids = body.match(/many-\d+/g) ?? [];
    expect([ids.length, new Set(ids).size]).toEqual([2_300, 2_300]);
    await ownerSql`delete from agent_metrics where tenant_id = ${tenantId} and queue_id = 'many'`;
  });

  it.each(['cursor=none', 'limit=2'])('as CSV is whole, and refuses %s', async (query) => {
    expect((await server.ask('GET', `/legs.csv?kind=missed&${query}`, manager)).statusCode).toBe(400);
  });

  it.each([
    ['', 'kind'],
    ['kind=answered', 'kind'],
    ['kind=missed&cursor=none', 'cursor'],
    ['kind=missed&cursor=WzEsMiwzLDRd', 'cursor'],
    ['kind=missed&limit=501', 'limit'],
    ['kind=missed&ofQueues=false', 'ofQueues'],
    ['kind=missed&queue=%00', 'queue'],
    ['kind=missed&startDate=2026-03-02&endDate=2026-03-01', 'endDate'],
    ['kind=missed&timeZone=Mars/Olympus', 'timeZone'],
    ['kind=missed&agnet=anna', 'agnet'],
  ])('refuses %s, naming the field', async (query, field) => {
    const answer = await server.ask('GET', `/legs?${query}`, manager);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.issues.map(({ path }: { path: string }) => path.split('.')[0])).toContain(
      field,
    );
  });

  it.each<[string, LegFilter, string]>([
    [
      'of everybody',
      { kind: 'missed', queues: null, others: null, from: at(0), to: at(600) },
      'agent_metrics_counted_idx',
    ],
    [
      'of an agent',
      { kind: 'outbound', queues: null, others: null, identity: 'agent-3' },
      'agent_metrics_pkey',
    ],
    [
      'of a queue',
      { kind: 'missed', queues: ['queue-3'], from: at(0), to: at(600) },
      'agent_metrics_queue_idx',
    ],
  ])('%s are read from an index', async (_what, filter, index) => {
    const { ownerSql, tenantB, db } = server.test;
    const [known] = await ownerSql`select from agent_metrics where tenant_id = ${tenantB} limit 1`;
    if (!known) {
      await ownerSql`
        insert into agent_metrics (tenant_id, identity, counted_at, call_id, kind, nth, queue_id, started_at,
          is_transferred, is_completed)
        select ${tenantB}, 'agent-' || n % 97, ${new Date(TEN)}::timestamptz + n * interval '1 second', 'call-' || n,
          case when n % 20 = 0 then 'missed' when n % 33 = 0 then 'outbound' else 'answered' end, 1,
          case when n % 33 = 0 then '' else 'queue-' || n % 41 end, ${new Date(TEN)}, false, false
        from generate_series(1, 120000) n`;
      await ownerSql`vacuum analyze agent_metrics`;
    }
    const plan = await inTenant(db, tenantB, async (tx) => {
      await planForValues(tx);
      const rows = await tx<{ 'QUERY PLAN': unknown }[]>`
        explain (format json) ${legsQuery(tx, tenantB, { filter, after: null, limit: 101 })}`;
      return JSON.stringify(rows);
    });
    expect(plan).not.toContain('Seq Scan');
    expect(plan).toContain(index);
  });
});
