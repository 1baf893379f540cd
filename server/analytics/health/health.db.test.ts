import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HealthRow } from '../../../shared/contract/importerHealth.ts';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { inTenant } from '../../db/connect.ts';
import { loadSettings } from '../../live/liveSettings.ts';
import { append } from '../../live/testing.ts';
import { type Bearer, createTestApp, type TestApp } from '../../testing.ts';
import { answeredVisit, insertVisits, visitOf } from '../calls/testing.ts';
import { type DateRange, readWarnings } from './health.ts';
import { recountHealth } from './recountHealth.ts';

let server: TestApp;
let tenantId: string;
let manager: Bearer;
let held: Bearer;
let settings: LiveSettings;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Monday in Lisbon, and UTC there. */
const MONDAY = Date.UTC(2026, 1, 2);
const day = { start: MONDAY, end: MONDAY + DAY };
const range = { startDate: '2026-02-02', endDate: '2026-02-02' };
const NOW = MONDAY + 3 * DAY;

beforeAll(async () => {
  server = await createTestApp();
  ({ tenantId } = server.test);
  const { ownerSql, db } = server.test;
  await ownerSql`update settings set time_zone = 'Europe/Lisbon' where tenant_id = ${tenantId}`;
  await ownerSql`insert into sectors (tenant_id, id, name) values (${tenantId}, 'north', 'North')`;
  await ownerSql`
    insert into queues (tenant_id, id, name, sector_id) values
      (${tenantId}, 'sales', 'Sales', 'north'), (${tenantId}, 'help', 'Help', 'unassigned')`;
  await server.addAccount('manager@example.test', 'manager');
  await server.addAccount('held@example.test', 'supervisor', ['north']);
  manager = (await server.signIn('manager@example.test')).bearer;
  held = (await server.signIn('held@example.test')).bearer;
  ({ settings } = await loadSettings(db, tenantId));
});
afterAll(() => server.close());

const recount = (of = day, now = NOW) => recountHealth(server.test.db, tenantId, of, settings, now);

async function health(query: Record<string, string> = {}, who = manager): Promise<HealthRow[]> {
  const answer = await server.ask(
    'GET',
    `/importer-health?${new URLSearchParams({ ...range, ...query })}`,
    who,
  );
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().data;
}
const kinds = async (source: string, who = manager) =>
  Object.fromEntries((await health({ source }, who)).map(({ kind, count }) => [kind, count]));

/** The recording instants of a source's events, as if they had come in live at these. */
async function recorded(source: string, delayMs: number): Promise<void> {
  await server.test.ownerSql`
    update call_events set recorded_at = occurred_at + ${delayMs}::float8 * interval '1 ms'
    where tenant_id = ${tenantId} and source = ${source}`;
}

describe('a day’s health', () => {
  it('[V10] [T3] counts what facts show, by source, and where queues are out of sight without theirs', async () => {
    await insertVisits(server.test.ownerSql, tenantId, [
      answeredVisit({ callId: 'good', source: 'facts', enteredAt: MONDAY, waitMs: 5_000, talkMs: 1_000 }),
      visitOf({ callId: 'ghost', source: 'facts', queueId: 'help', enteredAt: MONDAY + HOUR }),
      visitOf({
        callId: 'lost',
        source: 'facts',
        enteredAt: MONDAY,
        outcome: 'lost',
        settledAt: MONDAY + HOUR,
        waitMs: HOUR,
      }),
      visitOf({
        callId: 'talks',
        source: 'facts',
        enteredAt: MONDAY,
        outcome: 'answered',
        settledAt: MONDAY + 5_000,
        waitMs: 5_000,
        isInferred: true,
      }),
      visitOf({
        callId: 'off',
        source: 'facts',
        enteredAt: MONDAY,
        outcome: 'abandoned',
        settledAt: MONDAY + 9_000,
        waitMs: 6_999,
      }),
      visitOf({
        callId: 'near',
        source: 'facts',
        enteredAt: MONDAY,
        outcome: 'abandoned',
        settledAt: MONDAY + 9_000,
        waitMs: 7_000,
      }),
      visitOf({ callId: 'next day', source: 'facts', enteredAt: day.end, outcome: 'lost' }),
    ]);
    await recount();
    const all = { visits: 6, ghost: 1, silent_talk: 1, lost: 1, wait_mismatch: 1, inferred_visit: 1 };
    expect(await kinds('facts')).toEqual(all);
    expect((await health({ source: 'facts' })).find(({ kind }) => kind === 'wait_mismatch')).toEqual({
      day: '2026-02-02',
      source: 'facts',
      kind: 'wait_mismatch',
      count: 1,
      firstAt: '2026-02-02T00:00:00.000Z',
      lastAt: '2026-02-02T00:00:00.000Z',
      example: 'off',
    });
    const { ghost: _ghost, ...seen } = all;
    expect(await kinds('facts', held)).toEqual({ ...seen, visits: 5 });
    // A day later they were not yet due.
    await recount(day, MONDAY + 2 * HOUR);
    expect(await kinds('facts')).toEqual({ visits: 6, lost: 1, wait_mismatch: 1, inferred_visit: 1 });
    await recount();
    expect(await kinds('facts')).toEqual(all);
  });

  it('counts restarts, notes and agents who never signed in, from the log', async () => {
    const { db } = server.test;
    const of = (minutes: number) => ({ source: 'log', occurredAt: MONDAY + minutes * MINUTE });
    await append(db, tenantId, [
      { kind: 'agent.signed_in', agent: 'anna', source: 'log', occurredAt: MONDAY - HOUR },
      { kind: 'call.answered', callId: '1', queue: 'sales', agent: 'anna', ...of(1) },
      { kind: 'call.answered', callId: '2', queue: 'sales', agent: 'ben', ...of(2) },
      { kind: 'call.answered', callId: '3', queue: 'sales', agent: 'ben', ...of(3) },
      { kind: 'source.restarted', ...of(4) },
      { kind: 'source.note', text: 'FOO|bar', ...of(5) },
      { kind: 'source.restarted', source: 'log', occurredAt: day.end },
    ]);
    await recount();
    expect(await kinds('log')).toEqual({ events: 5, restart: 1, note: 1, inferred_agent: 1 });
    const rows = await health({ source: 'log' });
    expect(rows.map(({ kind, example }) => [kind, example])).toEqual([
      ['events', null],
      ['restart', null],
      ['note', 'FOO|bar'],
      ['inferred_agent', 'ben'],
    ]);
    // Whom a source’s own rows name may be of another sector.
    for (const row of await health({ source: 'log' }, held)) expect(row.example).toBeNull();
  });

  it('tells a clock that runs ahead, and one behind, from imports and late senders', async () => {
    const { db, ownerSql } = server.test;
    const series = (source: string) =>
      append(
        db,
        tenantId,
        Array.from({ length: 30 }, (_, i) => ({
          kind: 'source.note',
          text: 'x',
          source,
          occurredAt: MONDAY + 9 * HOUR + i * MINUTE,
        })),
      );
    for (const source of ['ahead', 'behind', 'right', 'late', 'imported', 'interrupted'])
      await series(source);
    await ownerSql`
      update call_events set import_id = ${randomUUID()} where tenant_id = ${tenantId} and source = 'imported'`;
    await ownerSql`select ensure_partitions()`;
    await ownerSql`
      create table if not exists call_events_2026_02 partition of call_events for values from ('2026-02-01') to ('2026-03-01')`;
    await recorded('ahead', -3_000);
    await recorded('behind', 14_000);
    await recorded('right', 500);
    await recorded('late', 2 * HOUR);
    await recorded('imported', 14_000);
    // Off until a quarter to ten, when it tells the half hour it left out at one go, within the second.
    await ownerSql`
      update call_events set recorded_at = ${new Date(MONDAY + 9 * HOUR + 45 * MINUTE)}::timestamptz + source_order * interval '1 ms'
      where tenant_id = ${tenantId} and source = 'interrupted'`;
    await recount();
    expect(await kinds('ahead')).toMatchObject({ clock_ahead: 30 });
    expect(await kinds('behind')).toMatchObject({ clock_behind: 30 });
    expect((await health({ source: 'behind' })).at(-1)?.example).toBe('14 s');
    for (const source of ['right', 'late', 'imported', 'interrupted'])
      expect(await kinds(source)).toEqual({ events: 30, note: 30 });
  });

  it('[L9] knows a silence from the hours in which a source never speaks', async () => {
    const { db } = server.test;
    // Every Monday from nine to five, every minute; this one with a hole from one to two.
    const spoken = (monday: number, hole: boolean) =>
      Array.from({ length: 481 }, (_, i) => monday + 9 * HOUR + i * MINUTE)
        .filter((at) => !hole || at <= monday + 13 * HOUR || at >= monday + 14 * HOUR)
        .map((occurredAt) => ({ kind: 'source.note', text: 'x', source: 'office', occurredAt }));
    for (const weeks of [3, 2, 1]) await append(db, tenantId, spoken(MONDAY - weeks * 7 * DAY, false));
    await append(db, tenantId, spoken(MONDAY, true));
    await recount();
    expect((await health({ source: 'office' })).find(({ kind }) => kind === 'gap')).toEqual({
      day: '2026-02-02',
      source: 'office',
      kind: 'gap',
      count: 1,
      firstAt: '2026-02-02T13:00:00.000Z',
      lastAt: '2026-02-02T14:00:00.000Z',
      example: '60 min',
    });
    // The next Monday nothing at all is heard: it is missed, since it was heard before.
    const next = { start: day.start + 7 * DAY, end: day.end + 7 * DAY };
    await recount(next, NOW + 14 * DAY);
    const query = { source: 'office', startDate: '2026-02-09', endDate: '2026-02-09' };
    expect((await health(query)).map(({ kind, count }) => [kind, count])).toEqual([['gap', 1]]);
    // Not yet, while its hours have not come.
    await recount(next, next.start + 8 * HOUR);
    expect(await health(query)).toEqual([]);
  });

  it('counts what ingest dropped by when it came, however it came', async () => {
    const { ownerSql } = server.test;
    const today = new Date().toISOString().slice(0, 10);
    const event = { source: 'web', sourceKey: 'k', kind: 'source.note', text: 'x', occurredAt: Date.now() };
    const send = (events: object[]) => server.ask('POST', '/events', manager, { events, partial: true });
    expect((await send([event])).statusCode).toBe(200);
    expect(
      (
        await send([event, { ...event, text: 'y' }, { ...event, source: 'other' }, { ...event, kind: 'no' }])
      ).json().data,
    ).toMatchObject({ accepted: 1, duplicates: 2, warnings: 1, rejected: 1 });
    await ownerSql`
      insert into imports (tenant_id, id, source, name, duplicates, warnings, rejected)
      values (${tenantId}, ${randomUUID()}, 'web', 'a file', 10, 20, 30)`;
    await server.parts.ingest.close();
    const start = Date.parse(`${today}T00:00:00Z`);
    await recount({ start, end: start + DAY }, Date.now());
    const rows = await health({ source: 'web', startDate: today, endDate: today });
    expect(Object.fromEntries(rows.map(({ kind, count }) => [kind, count]))).toEqual({
      events: 1,
      note: 1,
      duplicate: 12,
      warning: 21,
      rejection: 31,
    });
    expect(rows.find(({ kind }) => kind === 'rejection')?.example).toMatch(/^kind: /);
  });

  it('is warned of beside the figures of the queues it concerns', async () => {
    const warned = (days: DateRange, queues: string[] | null) =>
      inTenant(server.test.db, tenantId, (tx) => readWarnings(tx, tenantId, days, queues));
    const codes = async (queues: string[] | null) =>
      (await warned(range, queues)).filter(({ source }) => source === 'facts').map(({ code }) => code);
    expect(await codes(null)).toEqual(['ghost', 'silent_talk', 'lost', 'wait_mismatch', 'inferred_visit']);
    expect(await codes(['help'])).toEqual(['ghost']);
    const sources = async (queues: string[] | null) =>
      new Set((await warned(range, queues)).map(({ source }) => source));
    expect(await sources(null)).toContain('office');
    // It told nothing of these queues.
    expect(await sources(['sales'])).toEqual(new Set(['facts']));
    await insertVisits(server.test.ownerSql, tenantId, [
      visitOf({
        callId: 'o',
        source: 'office',
        enteredAt: MONDAY + HOUR,
        outcome: 'abandoned',
        settledAt: MONDAY + HOUR,
      }),
    ]);
    await recount();
    expect(await sources(['sales'])).toContain('office');
    const [first] = await warned(range, ['sales']);
    expect(first).toMatchObject({ code: 'gap', source: 'office', count: 1, affects: [] });
    expect(await warned({ startDate: '2020-01-01', endDate: '2020-12-31' }, null)).toEqual([]);
  });

  it.each([
    ['', 'startDate'],
    ['startDate=2026-02-02', 'endDate'],
    ['startDate=2026-02-02&endDate=2026-02-01', 'endDate'],
    ['startDate=2026-01-01&endDate=2026-12-31', 'endDate'],
    ['startDate=2026-02-30&endDate=2026-03-01', 'startDate'],
    ['startDate=2026-02-02&endDate=2026-02-02&colour=red', 'colour'],
  ])('[S45] is not answered for %j, naming the field', async (query, path) => {
    const answer = await server.ask('GET', `/importer-health?${query}`, manager);
    expect([answer.statusCode, answer.json().error.issues[0].path]).toEqual([400, path]);
  });
});
