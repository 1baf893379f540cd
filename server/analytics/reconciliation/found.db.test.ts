import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { story } from '../../../shared/live/testing.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { append, appendStory } from '../../live/testing.ts';
import { differing, projectAll, proofOf, prove } from './testing.ts';

/** That a proof fails where it should: each thing that could be wrong is made wrong, and is found by its name. */

let test: TestDatabase;
let tenantId: string;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const START = Date.parse('2026-10-12T06:00:00Z');
const DATE = '2026-10-12';
const NOW = START + 5 * 86_400_000;
const HOUR = 3_600_000;

beforeEach(async () => {
  tenantId = await test.newTenant(`t${Math.random()}`);
  await appendStory(
    test.db,
    tenantId,
    story({ seed: 11, calls: 40, agents: 4, queues: 2, start: START, everyMs: 240_000 }),
  );
  await projectAll(test.db, tenantId, NOW);
  expect(differing(await proofOf(test.db, tenantId, DATE, NOW))).toEqual([]);
});

const found = async () => differing(await proofOf(test.db, tenantId, DATE, NOW));
const wrong = async (statement: (sql: TestDatabase['ownerSql']) => Promise<{ count: number }>) => {
  const { count } = await statement(test.ownerSql);
  expect(count).toBe(1);
};

describe('[R1] what is wrong is found, and named', () => {
  it('a roll-up of a queue', async () => {
    await wrong(
      (sql) => sql`
        update performance_trends set abandoned = abandoned + 1
        where tenant_id = ${tenantId} and grain = 'day' and queue_id = 'q1' and bucket = '2026-10-12'`,
    );
    const said = await found();
    expect(said).toContainEqual(
      expect.stringMatching(/^queue q1 abandoned: live (\d+), history (?!\1,)\d+, facts \1, recount \1$/),
    );
    expect(said.every((line) => /^(queue q1|sector unassigned) a/.test(line))).toBe(true);
  });

  it('the roll-up of the total alone', async () => {
    await wrong(
      (sql) => sql`
        update performance_trends set offered = offered + 2
        where tenant_id = ${tenantId} and grain = 'day' and queue_id = '' and bucket = '2026-10-12'`,
    );
    const said = await found();
    expect(said).toContainEqual(expect.stringMatching(/^total offered: /));
    expect(said.every((line) => line.startsWith('total '))).toBe(true);
  });

  it('[T5] what a queue’s row says of calls that had been in it, or in its sector, before', async () => {
    await wrong(
      (sql) => sql`
        update performance_trends set repeats_in_queue = repeats_in_queue + 1, repeats_in_sector = repeats_in_sector + 2
        where tenant_id = ${tenantId} and grain = 'day' and queue_id = 'q1' and bucket = '2026-10-12'`,
    );
    const said = await found();
    expect(said).toContainEqual(
      expect.stringMatching(/^queue q1 calls: history (\d+), facts (?!\1,)(\d+), recount \2$/),
    );
    expect(said).toContainEqual(
      expect.stringMatching(
        /^sector unassigned calls: live (\d+), history (?!\1,)\d+, facts \1, recount \1$/,
      ),
    );
  });

  it('a visit among the facts', async () => {
    await wrong(
      (sql) => sql`
        update queue_visits set wait_ms = wait_ms + 60000 where ctid = (
          select ctid from queue_visits where tenant_id = ${tenantId} and queue_id = 'q0' and outcome = 'answered' limit 1)`,
    );
    expect(await found()).toContainEqual(
      expect.stringMatching(/^queue q0 asaMs: live ([\d.]+), history \1\d*, facts (?!\1,)[\d.]+, recount /),
    );
  });

  it('a visit that is missing among the facts, or of a queue nobody has', async () => {
    await wrong(
      (sql) => sql`
        update queue_visits set queue_id = 'nowhere' where ctid = (
          select ctid from queue_visits where tenant_id = ${tenantId} and queue_id = 'q0' limit 1)`,
    );
    const said = await found();
    expect(said).toContainEqual(
      expect.stringMatching(/^queue nowhere offered: live 0, history 0, facts 1, recount 0$/),
    );
    expect(said).toContainEqual(expect.stringMatching(/^queue q0 offered: /));
  });

  it('an agent’s time, and what he did', async () => {
    await wrong(
      (sql) => sql`
        update agent_trends set answered = answered + 1, state_paused_ms = state_paused_ms + 1 where ctid = (
          select ctid from agent_trends
          where tenant_id = ${tenantId} and grain = 'day' and queue_id = '' and answered > 0 and bucket = '2026-10-12' limit 1)`,
    );
    const said = await found();
    expect(said).toContainEqual(expect.stringMatching(/^agent \S+ answered: /));
    expect(said).toContainEqual(
      expect.stringMatching(/^agent \S+ pausedMs: live \d+, history \d+, facts \d+$/),
    );
  });

  it('how teams spent their time', async () => {
    await wrong(
      (sql) => sql`
        update team_trends set available_ms = available_ms + 1 where ctid = (
          select ctid from team_trends
          where tenant_id = ${tenantId} and grain = 'day' and bucket = '2026-10-12' and queues <> '{}' limit 1)`,
    );
    expect(await found()).toContainEqual(expect.stringMatching(/^total availableMs: /));
  });

  it('an event that changed in the log behind everybody’s back', async () => {
    await wrong(
      (sql) => sql`
        delete from call_events where ctid = (
          select ctid from call_events where tenant_id = ${tenantId} and kind = 'call.ended' limit 1)
          and tenant_id = ${tenantId}`,
    );
    expect(await found()).toContainEqual(
      expect.stringMatching(/^total handled: live (\d+), history (\d+), facts \2, recount \1$/),
    );
  });
});

describe('[R1] a day settles', () => {
  it('not before it is over, nor while somebody waits or talks, and says when it will', async () => {
    const at = Date.parse('2026-10-12T23:50:00Z');
    await append(test.db, tenantId, [
      { kind: 'call.queued', occurredAt: at, callId: 'late', queue: 'q0', origin: 'inbound' },
    ]);
    await projectAll(test.db, tenantId, at + HOUR);
    expect(await prove(test.db, tenantId, DATE, at)).toMatchObject({
      isSettled: false,
      settlesAt: Date.parse('2026-10-13T00:00:00Z'),
    });
    // [V10] A ghost is one after two hours.
    expect(await prove(test.db, tenantId, DATE, at + HOUR)).toMatchObject({
      isSettled: false,
      settlesAt: at + 2 * HOUR + 1,
    });
    await projectAll(test.db, tenantId, at + 3 * HOUR);
    const proof = await proofOf(test.db, tenantId, DATE, at + 3 * HOUR);
    expect(proof.settledAt).toBe(at + 2 * HOUR + 1);
    expect(differing(proof)).toEqual([]);
  });

  it('again, when something is told late: until it is in history, nothing is said of the day', async () => {
    const before = await proofOf(test.db, tenantId, DATE, NOW);
    await append(test.db, tenantId, [
      { kind: 'call.queued', occurredAt: START + HOUR, callId: 'told late', queue: 'q0', origin: 'inbound' },
      {
        kind: 'call.left',
        occurredAt: START + HOUR + 9_000,
        callId: 'told late',
        queue: 'q0',
        outcome: 'abandoned',
      },
    ]);
    // Not in history yet: everything is as of what is.
    expect(await proofOf(test.db, tenantId, DATE, NOW)).toMatchObject({
      seq: before.seq,
      visits: before.visits,
    });
    await inTenant(
      test.db,
      tenantId,
      (tx) => tx`update history_days set stale_since = now() where tenant_id = ${tenantId}`,
    );
    expect(await prove(test.db, tenantId, DATE, NOW)).toMatchObject({ isSettled: false, settlesAt: null });
    await projectAll(test.db, tenantId, NOW);
    const after = await proofOf(test.db, tenantId, DATE, NOW);
    expect(after.visits).toBe(before.visits + 1);
    expect(after.revision).not.toBe(before.revision);
    expect(differing(after)).toEqual([]);
  });

  it('not while roll-ups are being counted under thresholds that only the facts know', async () => {
    await inTenant(
      test.db,
      tenantId,
      (tx) => tx`update settings set threshold_seconds = 700 where tenant_id = ${tenantId}`,
    );
    expect(await prove(test.db, tenantId, DATE, NOW)).toMatchObject({ isSettled: false, settlesAt: null });
    await projectAll(test.db, tenantId, NOW);
    expect(differing(await proofOf(test.db, tenantId, DATE, NOW))).toEqual([]);
  });
});
