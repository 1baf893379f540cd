import { Writable } from 'node:stream';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reconciliation, storedReconciliation } from '../../../shared/contract/reconciliation.ts';
import { story } from '../../../shared/live/testing.ts';
import { inTenant } from '../../db/connect.ts';
import { createHistory } from '../../history/history.ts';
import { moveMarks } from '../../history/retention/marks.ts';
import { runRetention } from '../../history/retention/testing.ts';
import { loadSettings } from '../../live/liveSettings.ts';
import { append, appendStory, silent } from '../../live/testing.ts';
import { type Bearer, createTestApp, type TestApp } from '../../testing.ts';
import { createAudit } from './audit.ts';
import { projectAll } from './testing.ts';

let server: TestApp;
let tenantId: string;
let manager: Bearer;
let viewer: Bearer;
let held: Bearer;

const NOW = Date.now();
const DAY_MS = 86_400_000;
const dateOf = (daysAgo: number) => new Date(NOW - daysAgo * DAY_MS).toISOString().slice(0, 10);
const DATE = dateOf(3);
const START = Date.parse(`${DATE}T06:00:00Z`);

beforeAll(async () => {
  server = await createTestApp();
  ({ tenantId } = server.test);
  await server.test
    .ownerSql`insert into sectors (tenant_id, id, name) values (${tenantId}, 'north', 'North')`;
  await server.test.ownerSql`
    insert into queues (tenant_id, id, name, sector_id) values (${tenantId}, 'q0', 'Sales', 'north')`;
  await appendStory(
    server.test.db,
    tenantId,
    story({ seed: 5, calls: 40, agents: 4, queues: 2, start: START, everyMs: 240_000 }),
  );
  await projectAll(server.test.db, tenantId, NOW);
  await server.addAccount('manager@example.test', 'manager');
  await server.addAccount('viewer@example.test', 'viewer');
  await server.addAccount('held@example.test', 'supervisor', ['north']);
  manager = (await server.signIn('manager@example.test')).bearer;
  viewer = (await server.signIn('viewer@example.test')).bearer;
  held = (await server.signIn('held@example.test')).bearer;
});
afterAll(() => server.close());

const proven = (query: string, who = manager) => server.ask('GET', `/analytics/reconciliation?${query}`, who);
async function listed(who = manager, range = `startDate=${dateOf(4)}&endDate=${dateOf(0)}`) {
  const answer = await server.ask('GET', `/analytics/reconciliations?${range}`, who);
  expect(answer.statusCode, answer.body).toBe(200);
  return storedReconciliation.array().parse(answer.json().data);
}
const stateOf = async (date: string) => (await listed()).find((day) => day.date === date)?.state;

/** One round: what the audit logs as errors, and its metrics. */
async function audit(registry = new Registry(), of = tenantId) {
  const said: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(line, _encoding, done) {
      said.push(JSON.parse(String(line)));
      done();
    },
  });
  const { db } = server.test;
  const { settings } = await loadSettings(db, of);
  const log = pino({ level: 'error' }, sink);
  await createAudit(registry).run({ db, tenantId: of, settings, now: () => NOW, log, isOver: () => false });
  return { said, metrics: await registry.metrics() };
}

describe('GET /analytics/reconciliation', () => {
  it('[R1] compares a day four ways, in total, or every figure of every queue and agent', async () => {
    const answer = await proven(`date=${DATE}`);
    expect(answer.statusCode, answer.body).toBe(200);
    const day = reconciliation.parse(answer.json().data);
    expect(day).toMatchObject({ date: DATE, state: 'proven', different: 0, settlesAt: null });
    expect(day.rows.every(({ of }) => of === 'total')).toBe(true);
    const offered = day.rows.find(({ metric }) => metric === 'offered');
    const { visits } = day;
    expect(offered).toMatchObject({
      live: visits,
      history: visits,
      facts: visits,
      recount: visits,
      difference: 0,
    });
    const all = reconciliation.parse((await proven(`date=${DATE}&rows=all`)).json().data);
    expect(all.rows).toHaveLength(all.compared);
    expect(all.rows).toContainEqual(
      expect.objectContaining({ of: 'queue', id: 'q0', name: 'Sales', metric: 'asaMs' }),
    );
    expect(all.rows).toContainEqual(
      expect.objectContaining({ of: 'agent', id: 'Agent/1', metric: 'availableMs' }),
    );
  });

  it('says of today that it has not settled', async () => {
    // The day may have become another since the file was begun.
    const today = new Date().toISOString().slice(0, 10);
    expect((await proven(`date=${today}`)).json().data).toMatchObject({
      state: 'unsettled',
      settlesAt: new Date(Date.parse(today) + DAY_MS).toISOString(),
      rows: [],
    });
  });

  it('refuses what is no day, has not begun, or is not kept', async () => {
    for (const query of [
      '',
      'date=',
      'date=2026-02-30',
      'date=yesterday',
      `date=${DATE}&x=1`,
      `date=${DATE}&rows=some`,
      'date=1970-01-01',
    ])
      expect((await proven(query)).statusCode, query).toBe(400);
    const future = await proven(`date=${dateOf(-2)}`);
    expect(future.statusCode).toBe(400);
    expect(future.json().error.issues).toEqual([{ path: 'date', message: 'must not be in the future' }]);
  });

  it('is for those who decide how figures are counted', async () => {
    for (const who of [viewer, held]) expect((await proven(`date=${DATE}`, who)).statusCode).toBe(403);
  });

  it('proves one day at a time of a tenant', async () => {
    const answers = await Promise.all([proven(`date=${DATE}`), proven(`date=${DATE}`)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 429]);
    expect(answers.find(({ statusCode }) => statusCode === 429)?.headers['retry-after']).toBe('5');
  });
});

describe('the audit', () => {
  it('[R1] proves every day that has settled, once, and again when something of it has changed', async () => {
    expect(await stateOf(DATE)).toBe('waiting');
    const { said, metrics } = await audit();
    expect(said).toEqual([]);
    expect(metrics).toContain('callboard_reconciliation_different_days 0');
    expect(await stateOf(DATE)).toBe('proven');
    expect(await stateOf(dateOf(0))).not.toBe('proven');
    const again = await audit();
    expect(again.metrics).not.toContain('{found="proven"}');

    await append(server.test.db, tenantId, [
      { kind: 'call.queued', occurredAt: START + 60_000, callId: 'late', queue: 'q0', origin: 'inbound' },
      { kind: 'call.left', occurredAt: START + 70_000, callId: 'late', queue: 'q0', outcome: 'abandoned' },
    ]);
    await projectAll(server.test.db, tenantId, NOW);
    expect(await stateOf(DATE)).toBe('waiting');
    expect((await audit()).metrics).toContain('callboard_reconciliation_days_total{found="proven"} ');
    expect(await stateOf(DATE)).toBe('proven');
  });

  it('[R1] proves again, under the rules of now, what was proven under others', async () => {
    const { db, ownerSql } = server.test;
    for (const change of ['definition', 'threshold', 'own threshold'] as const) {
      await inTenant(db, tenantId, async (tx) => {
        if (change === 'definition')
          await tx`update settings set definition = 'strict' where tenant_id = ${tenantId}`;
        else if (change === 'threshold')
          await tx`update settings set threshold_seconds = 25 where tenant_id = ${tenantId}`;
        else await tx`update queues set threshold_seconds = 31 where tenant_id = ${tenantId} and id = 'q0'`;
      });
      expect(await stateOf(DATE), change).toBe('waiting');
      // Roll-ups are stamped first.
      await projectAll(db, tenantId, NOW);
      expect((await audit()).said).toEqual([]);
      expect(await stateOf(DATE), change).toBe('proven');
    }
    // What figures do not follow from leaves the proof as it is.
    await inTenant(
      db,
      tenantId,
      (tx) => tx`update settings set minimum_sample = 7 where tenant_id = ${tenantId}`,
    );
    expect(await stateOf(DATE)).toBe('proven');
    const [{ rules } = { rules: '' }] = await ownerSql<{ rules: string }[]>`
      select rules from reconciliations where tenant_id = ${tenantId} and started_at = ${new Date(DATE)}`;
    expect(rules).toMatch(/^[0-9a-f]{16}$/);
  });

  it('says what differs: as an error in the log, in metrics, in health and in the list, there only of queues and sectors in sight', async () => {
    const { ownerSql } = server.test;
    await ownerSql`
      update performance_trends set offered = offered + 1
      where tenant_id = ${tenantId} and grain = 'day' and queue_id in ('q0', 'q1') and bucket = ${DATE}::date::timestamptz`;
    await ownerSql`update history_days set revision = revision + 1 where tenant_id = ${tenantId} and started_at = ${new Date(DATE)}`;
    const { said, metrics } = await audit();
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ msg: 'reconciliation:different', date: DATE });
    expect(said[0]?.metrics).toContain('offered');
    expect(metrics).toContain('callboard_reconciliation_different_days 1');
    expect(metrics).toContain('callboard_reconciliation_days_total{found="different"} 1');
    const history = createHistory({
      db: server.test.db,
      log: silent,
      registry: new Registry(),
      now: () => NOW,
    });
    expect(await history.health(tenantId)).toMatchObject({ differentDays: 1 });
    await history.close();
    const foundOf = async (who: Bearer) => {
      const day = (await listed(who)).find(({ date }) => date === DATE);
      expect(day?.state).toBe('different');
      return [...new Set(day?.differences.map(({ of, id }) => `${of} ${id}`))].sort();
    };
    expect(await foundOf(viewer)).toEqual(['queue q0', 'queue q1', 'sector north', 'sector unassigned']);
    expect(await foundOf(held)).toEqual(['queue q0', 'sector north']);
  });

  it('goes when facts go, and leaves alone what is not whole any more', async () => {
    const { db, ownerSql } = server.test;
    await moveMarks(db, tenantId, { eventsSince: START });
    expect((await proven(`date=${DATE}`)).json().error.issues[0]).toMatchObject({ path: 'date' });
    await ownerSql`delete from reconciliations where tenant_id = ${tenantId} and started_at = ${new Date(DATE)}`;
    await audit();
    expect(await stateOf(DATE)).toBe('waiting');

    await ownerSql`
      insert into reconciliations (tenant_id, started_at, ended_at, revision, audited_at, settled_at, seq, visits, compared,
        different, differences)
      values (${tenantId}, '2020-01-01', '2020-01-02', 1, now(), now(), 1, 1, 1, 0, '[]')`;
    await inTenant(
      db,
      tenantId,
      (tx) => tx`update settings set fact_retention_months = 12 where tenant_id = ${tenantId}`,
    );
    await runRetention(server.test);
    expect(
      await ownerSql`select from reconciliations where tenant_id = ${tenantId} and started_at = '2020-01-01'`,
    ).toHaveLength(0);
  });
});

describe('GET /analytics/reconciliations', () => {
  it('[L10] tells of no other tenant’s days', async () => {
    const { tenantB, ownerSql } = server.test;
    const before = await listed();
    const day = new Date(dateOf(1));
    await ownerSql`
      insert into history_days (tenant_id, started_at, ended_at, fold, revision)
      values (${tenantB}, ${day}, ${day}::timestamptz + interval '1 day', '', 1)`;
    await ownerSql`
      insert into reconciliations (tenant_id, started_at, ended_at, revision, audited_at, settled_at, seq, visits, compared,
        different, differences)
      values (${tenantB}, ${day}, ${day}::timestamptz + interval '1 day', 1, now(), now(), 1, 1, 1, 1, '[]')`;
    expect(await listed()).toEqual(before);
  });

  it('refuses ranges that are none', async () => {
    for (const query of [
      '',
      `startDate=${DATE}`,
      `startDate=${DATE}&endDate=${dateOf(4)}`,
      'startDate=2020-01-01&endDate=2026-01-01',
      `startDate=${DATE}&endDate=${DATE}&queue=q0`,
    ])
      expect((await server.ask('GET', `/analytics/reconciliations?${query}`, viewer)).statusCode, query).toBe(
        400,
      );
  });
});
