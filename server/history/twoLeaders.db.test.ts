import type { TransactionSql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { story } from '../../shared/live/testing.ts';
import { type Database, inTenant } from '../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { append } from '../live/testing.ts';
import { claimFold } from './checkpoint.ts';
import { startTestProjector, untilProjected, wholeHistory } from './testing.ts';

/** Two that lead at once: one of them was deposed, and does not know yet. */

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const now = () => Date.parse('2026-10-20T12:00:00Z');
const log = story({
  ...{ seed: 4, calls: 30, agents: 3, queues: 2 },
  ...{ start: Date.parse('2026-10-12T08:00:00Z'), everyMs: 30 * 60_000 },
});

async function centre(): Promise<string> {
  const id = await test.newTenant(`t${Math.random()}`);
  await append(test.db, id, log);
  return id;
}

const setWrapUp = (tenantId: string, seconds: number) =>
  inTenant(
    test.db,
    tenantId,
    (tx) => tx`update settings set wrap_up_seconds = ${seconds} where tenant_id = ${tenantId}`,
  );

/** A database in which, once asked to, whoever is about to move the checkpoint stands still until let go. */
function slowed(db: Database) {
  let hold: { reached: () => void; gone: Promise<void> } | null = null;
  const slow = (tx: TransactionSql): TransactionSql =>
    new Proxy(tx, {
      apply(target, self, [strings, ...values]: [TemplateStringsArray, ...never[]]) {
        const query = () => Reflect.apply(target, self, [strings, ...values]);
        const isMove = strings[0]?.includes('update projection_checkpoints') ?? false;
        if (!isMove || hold === null) return query();
        hold.reached();
        return hold.gone.then(query);
      },
    });
  const sql = new Proxy(db.sql, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (key !== 'begin' || typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        const work = given.at(-1) as (tx: TransactionSql) => unknown; // What begin takes last.
        return Reflect.apply(value, target, [...given.slice(0, -1), (tx: TransactionSql) => work(slow(tx))]);
      };
    },
  });
  return {
    db: { ...db, sql },
    /** `reached`: somebody stands still. */
    stop(): { reached: Promise<void>; go: () => void } {
      let go = () => {};
      const gone = new Promise<void>((resolve) => {
        go = () => {
          hold = null;
          resolve();
        };
      });
      const reached = new Promise<void>((resolve) => {
        hold = { reached: resolve, gone };
      });
      return { reached, go };
    },
  };
}

describe('a leader deposed without knowing', () => {
  it('[L15] writes no day it folded under settings that have changed since, though the log has not moved', async () => {
    const expected = await centre();
    await setWrapUp(expected, 90);
    const alone = startTestProjector(test.db, expected, { now });
    await untilProjected(test.db, expected, alone);
    await alone.close();

    const tenantId = await centre();
    const { db, stop } = slowed(test.db);
    const deposed = startTestProjector(db, tenantId, { now });
    await untilProjected(test.db, tenantId, deposed);
    const { reached, go } = stop();
    await test.ownerSql`
      update history_days set stale_since = now() where tenant_id = ${tenantId} and started_at = '2026-10-12'`;
    deposed.wake();
    // It has folded the day by a wrap-up of nothing, and is about to write it.
    await reached;
    await setWrapUp(tenantId, 90);
    const leader = startTestProjector(test.db, tenantId, { now });
    await untilProjected(test.db, tenantId, leader);
    const written = await wholeHistory(test.db, tenantId);
    expect(written).toEqual(await wholeHistory(test.db, expected));
    await leader.close();

    go();
    // It finds out, reads the settings, and goes on by them.
    await append(test.db, tenantId, [
      {
        kind: 'agent.signed_in',
        occurredAt: Date.parse('2026-10-19T09:00:00Z'),
        agent: 'late',
        queues: ['q0'],
      },
    ]);
    await untilProjected(test.db, tenantId, deposed);
    await deposed.close();
    const after = await wholeHistory(test.db, tenantId);
    expect(after.queue_visits).toEqual(written.queue_visits);
    expect(after.agent_metrics).toEqual(written.agent_metrics);
    // A day that begins without an event has none yet.
    const folds = await test.ownerSql<{ isOwn: boolean }[]>`
      select distinct d.fold = c.fold as "isOwn" from history_days d join projection_checkpoints c using (tenant_id)
      where tenant_id = ${tenantId} and d.stale_since is null`;
    expect(folds).toEqual([{ isOwn: true }]);
  });

  it('does not claim a fold of settings older than those somebody folds by', async () => {
    const tenantId = await centre();
    const claim = (version: number, foldName: string) =>
      inTenant(test.db, tenantId, (tx) => claimFold(tx, tenantId, { version, foldName }));
    await claim(7, 'a');
    await claim(7, 'b');
    await expect(claim(6, 'a')).rejects.toThrow('later settings');
    await claim(9, 'a');
    await expect(claim(8, 'b')).rejects.toThrow('later settings');
  });
});
