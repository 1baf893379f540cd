import pino from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { silent, until } from '../live/testing.ts';
import type { Chore } from './chores.ts';
import { createHistory, type History } from './history.ts';

const NOON = Date.UTC(2026, 5, 10, 12);
const HOUR_MS = 3_600_000;

let test: TestDatabase;
let now = NOON;
let running: History[] = [];
beforeEach(async () => {
  test = await createTestDatabase();
  now = NOON;
  running = [];
});
afterEach(async () => {
  for (const history of running) await history.close();
  await test.close();
});

function lead(chores: Chore[], { registry = new Registry(), log = silent } = {}): History {
  const history = createHistory({
    db: test.db,
    log,
    registry,
    chores,
    now: () => now,
    intervals: { choresMs: 5, leader: { askMs: 20 } },
  });
  running.push(history);
  return history;
}

/** A chore that notes when it was done, and for whom; `rounds` counts how often chores were looked at since. */
function watched(rhythm: Chore['rhythm'] = 'nightly') {
  const done: [tenantId: string, at: number][] = [];
  const chore: Chore = {
    name: 'watched',
    rhythm,
    run: async ({ tenantId }) => void done.push([tenantId, now]),
  };
  const of = (tenantId: string) => done.filter(([id]) => id === tenantId).map(([, at]) => at);
  return { chore, of };
}

/** Waits until every nightly chore was looked at twice more: a round that had begun already is over by then. */
async function roundsPass(history: { looks(): number }): Promise<void> {
  const seen = history.looks();
  await until(() => history.looks() >= seen + 2, 'two rounds have passed');
}

/** Fails every night, so that it is looked at in every round: nothing else says that a round has passed. */
function failing() {
  let looks = 0;
  const chore: Chore = {
    name: 'failing',
    rhythm: 'nightly',
    async run({ tenantId }) {
      if (tenantId === test.tenantB) looks++;
      throw new Error('no luck');
    },
  };
  return { chore, looks: () => looks };
}

it('a nightly chore is done once for each local day of its tenant, shortly after that has ended', async () => {
  await test.ownerSql`update settings set time_zone = 'America/New_York', day_start_minutes = 60
    where tenant_id = ${test.tenantB}`;
  const [one, rounds] = [watched(), failing()];
  lead([rounds.chore, one.chore]);
  await until(() => one.of(test.tenantB).length > 0, 'what was never done is done at the start');
  expect(one.of(test.tenantId)).toEqual([NOON]);
  const midnight = Date.UTC(2026, 5, 11);
  now = midnight + 4 * 60_000;
  await roundsPass(rounds);
  expect(one.of(test.tenantId)).toEqual([NOON]);
  now = midnight + 5 * 60_000;
  await until(() => one.of(test.tenantId).length === 2, 'the night has passed in one zone');
  await roundsPass(rounds);
  expect(one.of(test.tenantB)).toEqual([NOON]);
  now = midnight + 5 * HOUR_MS + 5 * 60_000;
  await until(() => one.of(test.tenantB).length === 2, 'and in the other, whose day begins at one');
  await roundsPass(rounds);
  expect(one.of(test.tenantId)).toHaveLength(2);
});

it('a restart does not repeat the night, and makes up for one that was missed', async () => {
  const [before, after, rounds] = [watched(), watched(), failing()];
  const first = lead([before.chore]);
  await until(() => before.of(test.tenantB).length === 1, 'it is done');
  // What is noted, is after it was done.
  await until(async () => (await test.ownerSql`select from chores_done`).length === 2, 'and noted');
  await first.close();
  lead([rounds.chore, after.chore]);
  await until(() => rounds.looks() > 2, 'the next leader has looked');
  expect(after.of(test.tenantId)).toEqual([]);
  now += 3 * 24 * HOUR_MS;
  await until(() => after.of(test.tenantB).length > 0, 'three nights have passed');
  await roundsPass(rounds);
  expect(after.of(test.tenantId)).toEqual([now]);
});

it('one that fails is logged, counted and done again, and holds up no other, be it of its rhythm or of the other', async () => {
  const lines: { chore?: string; msg: string }[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const registry = new Registry();
  const [nightly, often, rounds] = [watched(), watched('minutes'), failing()];
  lead([rounds.chore, nightly.chore, often.chore], { registry, log });
  await until(() => nightly.of(test.tenantB).length === 1 && often.of(test.tenantB).length > 3, 'others run');
  await until(() => rounds.looks() > 1, 'it is tried again');
  expect(lines).toContainEqual(expect.objectContaining({ chore: 'failing', msg: 'chore:failed' }));
  expect(await registry.metrics()).toMatch(/callboard_chores_failed_total\{chore="failing"\} [1-9]/);
  expect(nightly.of(test.tenantId)).toHaveLength(1);
});

it('one that is stopped with its leader is not noted as done', async () => {
  let began = false;
  const chore: Chore = {
    name: 'long',
    rhythm: 'nightly',
    async run({ isOver }) {
      began = true;
      await until(isOver, 'it is told to stop');
    },
  };
  const history = lead([chore]);
  await until(() => began, 'it has begun');
  await history.close();
  expect(await test.ownerSql`select from chores_done`).toHaveLength(0);
});
