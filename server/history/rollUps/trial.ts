import { DateTime } from 'luxon';
import { expect } from 'vitest';
import { DEFAULT_SETTINGS, type LiveSettings } from '../../../shared/contract/settings.ts';
import { inTenant } from '../../db/connect.ts';
import type { TestDatabase } from '../../db/testing.ts';
import {
  countAgents,
  countQueues,
  countTeams,
  type Expectation,
  rowsOfAgents,
  rowsOfQueues,
  rowsOfTeams,
} from './countedBySql.ts';
import { type Facts, randomFacts, writeFacts } from './testing.ts';

/** Tests only: tenants with random facts, and whether their roll-ups are what SQL counts. */

export const DAY_MS = 86_400_000;
export const SETTINGS: LiveSettings = {
  ...DEFAULT_SETTINGS,
  timeZone: 'Europe/Berlin',
  dayStartMinutes: 240,
};

/** Around the end of October: the day of the DST change, and the month's. */
export const START = DateTime.fromISO('2026-10-24T20:00', { zone: 'Europe/Berlin' }).toMillis();
export const around = (seed: number, calls = 150): Facts =>
  randomFacts({ seed, calls, start: START, end: START + 8 * DAY_MS });

export type Trial = ReturnType<typeof createTrial>;

let tenants = 0;

export function createTrial(test: TestDatabase) {
  const { ownerSql } = test;
  return {
    aTenant: () => test.newTenant(`Tenant ${tenants++}`),
    write: (tenantId: string, facts: Partial<Facts>) =>
      inTenant(test.db, tenantId, (tx) => writeFacts(tx, tenantId, facts, SETTINGS)),
    /** How many buckets are marked, due by an instant (epoch ms) or at all. */
    async marks(tenantId: string, dueBy?: number): Promise<number> {
      const by = dueBy === undefined ? 'infinity' : new Date(dueBy).toISOString();
      const [row] = await ownerSql<{ n: number }[]>`
        select count(*)::int as n from dirty_buckets where tenant_id = ${tenantId} and due_at <= ${by}::text::timestamptz`;
      return row?.n ?? 0;
    },
    async expectCounted(tenantId: string, expectation: Expectation): Promise<void> {
      expect(await rowsOfQueues(ownerSql, tenantId)).toEqual([
        ...(await countQueues(ownerSql, tenantId, expectation)),
      ]);
      expect(await rowsOfTeams(ownerSql, tenantId)).toEqual(
        await countTeams(ownerSql, tenantId, expectation),
      );
      expect(await rowsOfAgents(ownerSql, tenantId)).toEqual(
        await countAgents(ownerSql, tenantId, expectation),
      );
    },
  };
}
