import { afterAll, beforeAll, expect, it } from 'vitest';
import { disorder, story } from '../../shared/live/testing.ts';
import { inTenant } from '../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { type Engine, type EngineIntervals, startEngine } from './engine.ts';
import { createTurns } from './lastWeek.ts';
import { append, appendStory, everyNumber, recount, silent, until } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const NOON = Date.UTC(2026, 10, 23, 12);
const FAST: Partial<EngineIntervals> = {
  feed: { pollMs: 20, backoffMs: 1, pageSize: 100 },
  checkpointMs: 600_000,
};

function start(tenantId: string, options: { now?: () => number; intervals?: Partial<EngineIntervals> } = {}) {
  const heard = { folded: 0, resets: 0 };
  const engine = startEngine({
    db: test.db,
    tenantId,
    log: silent,
    now: options.now ?? (() => NOON),
    inTurn: createTurns(),
    intervals: { ...FAST, ...options.intervals },
    watcher: {
      onFolded: (events) => {
        heard.folded += events;
      },
      onReset: () => {
        heard.resets++;
      },
      onStatus: () => {},
    },
  });
  return { engine, heard };
}

const viewOf = (engine: Engine) => {
  const view = engine.view();
  if (!view) throw new Error('The engine has no state yet.');
  return view;
};

const day = (seed: number, calls = 400) =>
  story({ seed, calls, agents: 12, queues: 4, start: NOON - 5 * 3_600_000, restarts: 1, alerts: true });

it('[L15] folds a log that arrives in any order to what a recount of the table gives', async () => {
  const tenantId = await test.newTenant('any order');
  const { engine, heard } = start(tenantId);
  await until(() => engine.view(), 'the state is built');
  const last = await appendStory(test.db, tenantId, disorder(day(1), 7, 40), 90);
  expect(await engine.untilSeq(last, 20_000)).toBe(true);
  expect(everyNumber(viewOf(engine), NOON)).toEqual(
    everyNumber(await recount(test.db, tenantId, NOON), NOON),
  );
  expect(heard.folded).toBe(last);
  await engine.close();
});

it('[L14] starts in the middle of a log as if it had followed it from the first event', async () => {
  const tenantId = await test.newTenant('late start');
  const events = day(2);
  await appendStory(test.db, tenantId, events.slice(0, 900));
  const { engine } = start(tenantId);
  await until(() => engine.view(), 'the state is built');
  const last = await appendStory(test.db, tenantId, events.slice(900));
  await engine.untilSeq(last, 20_000);
  expect(everyNumber(viewOf(engine), NOON)).toEqual(
    everyNumber(await recount(test.db, tenantId, NOON), NOON),
  );
  await engine.close();
});

it('[L14] goes on from a checkpoint and the tail exactly as from the whole log', async () => {
  const tenantId = await test.newTenant('restart');
  const events = day(3);
  let now = NOON;
  const first = start(tenantId, { now: () => now, intervals: { checkpointMs: 1 } });
  const half = await appendStory(test.db, tenantId, events.slice(0, 1_000));
  await first.engine.untilSeq(half, 20_000);
  const stored = () =>
    inTenant(test.db, tenantId, (tx) => tx<{ seq: string }[]>`select max(seq) as seq from live_checkpoints`);
  await until(async () => {
    now++;
    return Number((await stored())[0]?.seq) >= half;
  }, 'a checkpoint is written');
  await first.engine.close();

  const last = await appendStory(test.db, tenantId, events.slice(1_000));
  const second = start(tenantId);
  await second.engine.untilSeq(last, 20_000);
  expect(second.heard.folded).toBe(last - half);
  expect(everyNumber(viewOf(second.engine), NOON)).toEqual(
    everyNumber(await recount(test.db, tenantId, NOON), NOON),
  );
  await second.engine.close();
});

it('[L14] builds from the log when the checkpoint was folded under other settings', async () => {
  const tenantId = await test.newTenant('other settings');
  let now = NOON;
  const first = start(tenantId, { now: () => now, intervals: { checkpointMs: 1 } });
  const last = await appendStory(test.db, tenantId, day(4, 100));
  await first.engine.untilSeq(last, 20_000);
  await until(async () => {
    now++;
    const [row] = await inTenant(test.db, tenantId, (tx) => tx`select seq from live_checkpoints limit 1`);
    return Number(row?.seq) === last;
  }, 'a checkpoint is written');
  await first.engine.close();
  await inTenant(test.db, tenantId, (tx) => tx`update settings set time_zone = 'Asia/Tokyo'`);

  const second = start(tenantId);
  await second.engine.untilSeq(last, 20_000);
  expect(viewOf(second.engine).state.dayStart).toBe(Date.UTC(2026, 10, 22, 15));
  expect(everyNumber(viewOf(second.engine), NOON)).toEqual(
    everyNumber(await recount(test.db, tenantId, NOON), NOON),
  );
  await second.engine.close();
});

it('[T1] begins a new day at local midnight, and the waiting call goes on waiting', async () => {
  const tenantId = await test.newTenant('midnight');
  await inTenant(test.db, tenantId, (tx) => tx`update settings set time_zone = 'Europe/Berlin'`);
  const midnight = Date.UTC(2026, 10, 23, 23);
  let now = midnight - 60_000;
  const { engine } = start(tenantId, { now: () => now });
  const last = await append(test.db, tenantId, [
    { kind: 'call.queued', occurredAt: now - 5_000, callId: 'gone', queue: 'q', origin: 'inbound' },
    { kind: 'call.left', occurredAt: now - 1_000, callId: 'gone', queue: 'q', outcome: 'abandoned' },
    { kind: 'call.queued', occurredAt: now, callId: 'waits', queue: 'q', origin: 'inbound' },
  ]);
  await engine.untilSeq(last, 20_000);
  const today = () => everyNumber(viewOf(engine), now).windows[3]?.totals;
  expect(today()).toMatchObject({ offered: 2, abandoned: 1, waiting: 1 });
  now = midnight + 1_000;
  await until(() => viewOf(engine).state.dayStart === midnight, 'the day begins');
  expect(today()).toMatchObject({ offered: 0, abandoned: 0, waiting: 1 });
  await engine.close();
});

it('shows a renamed queue and an assigned sector without a restart, and without building anew', async () => {
  const tenantId = await test.newTenant('names');
  const { engine, heard } = start(tenantId);
  const last = await append(test.db, tenantId, [
    { kind: 'call.queued', occurredAt: NOON, callId: 'c', queue: 'q', origin: 'inbound' },
  ]);
  await engine.untilSeq(last, 20_000);
  const { state } = viewOf(engine);
  await inTenant(test.db, tenantId, async (tx) => {
    await tx`insert into sectors (tenant_id, id, name) values (${tenantId}, 's', 'Sales')`;
    await tx`update queues set name = 'Hotline', sector_id = 's' where id = 'q'`;
  });
  const queue = () => everyNumber(viewOf(engine), NOON).windows[0]?.queues[0];
  await until(() => queue()?.name === 'Hotline', 'the name arrives');
  expect(queue()).toMatchObject({ name: 'Hotline', sectorId: 's', waiting: 1 });
  expect(viewOf(engine).state).toBe(state);
  expect(heard.resets).toBeGreaterThan(1);
  await engine.close();
});

it('folds again when an alias joins two agents', async () => {
  const tenantId = await test.newTenant('aliases');
  const { engine } = start(tenantId);
  const last = await append(test.db, tenantId, [
    { kind: 'agent.signed_in', occurredAt: NOON - 60_000, agent: 'Maria' },
    { kind: 'agent.signed_in', occurredAt: NOON - 50_000, agent: 'desk nine' },
  ]);
  await engine.untilSeq(last, 20_000);
  expect(everyNumber(viewOf(engine), NOON).agents).toHaveLength(2);
  await inTenant(
    test.db,
    tenantId,
    (tx) => tx`
      insert into agent_aliases (tenant_id, alias, agent_id, origin)
      values (${tenantId}, 'desk nine', 'Maria', 'manual')`,
  );
  await until(() => everyNumber(viewOf(engine), NOON).agents.length === 1, 'they are one');
  await engine.close();
});

it('[L14] leaves an event from before yesterday to history, and counts it as read', async () => {
  const tenantId = await test.newTenant('too late');
  const { engine } = start(tenantId);
  await until(() => engine.view(), 'the state is built');
  const early = NOON - 40 * 3_600_000;
  const last = await append(test.db, tenantId, [
    { kind: 'call.queued', occurredAt: early, callId: 'old', queue: 'q', origin: 'inbound' },
  ]);
  expect(await engine.untilSeq(last, 20_000)).toBe(true);
  expect(viewOf(engine).state.calls.size).toBe(0);
  await engine.close();
});
