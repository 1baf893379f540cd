import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '../../db/connect.ts';
import { moveMarks } from '../../history/retention/marks.ts';
import { forgetOld } from '../../history/retention/retention.ts';
import { silent, until } from '../../live/testing.ts';
import { createHistory, FROM, type History, RANGE, TO } from '../testing.ts';
import { factsKeptFrom, keptPart } from './factParts.ts';

/** Figures that are counted from the visits themselves, while retention removes those. */

let history: History;
beforeAll(async () => {
  history = await createHistory(300);
});
afterAll(() => history.close());

const isWaiting = async () => {
  const rows = await history.test.ownerSql`
    select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like '%retention_marks%'`;
  return rows.length > 0;
};

const ADDRESSES = [
  `/short-calls?${RANGE}`,
  `/short-calls?${RANGE}&groupBy=agent`,
  `/called-back?${RANGE}`,
  `/transfers?${RANGE}`,
  `/explain?${RANGE}&metric=shortTalks`,
  `/explain?${RANGE}&metric=shortTalks&agent=a0`,
  `/explain?${RANGE}&metric=transferredElsewhere`,
];

describe('[L10] since when facts are kept', () => {
  it('stands still for whoever counts by it, until all is counted', async () => {
    const { db, tenantId } = history.test;
    const range = { from: FROM, to: TO };
    const moved = FROM + 3_600_000;
    const [first, again, moving] = await inTenant(db, tenantId, async (tx) => {
      const first = await keptPart(tx, tenantId, range);
      const move = moveMarks(db, tenantId, { factsSince: moved });
      await until(isWaiting, 'whoever moves the mark waits');
      return [first, await keptPart(tx, tenantId, range), move.then(() => null, String)] as const;
    });
    expect([first, again]).toEqual(Array(2).fill({ ...range, since: null }));
    expect(await moving).toBeNull();
    await inTenant(db, tenantId, async (tx) => {
      expect(await keptPart(tx, tenantId, range)).toEqual({ from: moved, to: TO, since: moved });
      expect(await keptPart(tx, tenantId, { from: FROM, to: FROM + 1 })).toEqual({
        ...{ from: FROM + 1, to: FROM + 1 },
        since: moved,
      });
      expect([
        await factsKeptFrom(tx, tenantId, moved),
        await factsKeptFrom(tx, tenantId, moved - 1),
      ]).toEqual([null, moved]);
    });
  });

  it('once moved has every answer that is counted by it given anew, by its name and from memory', async () => {
    const { db, tenantId, ownerSql } = history.test;
    await ownerSql`update settings set fact_retention_months = 1 where tenant_id = ${tenantId}`;
    const { bearer } = await history.signIn('admin@example.test');
    const before = await Promise.all(ADDRESSES.map((address) => history.get(address)));
    const known = (place: number) => ({ ...bearer, 'if-none-match': String(before[place]?.headers.etag) });
    for (const [place, address] of ADDRESSES.entries())
      expect((await history.get(address, known(place))).statusCode, address).toBe(304);
    const now = Date.parse('2026-11-15T12:00:00Z');
    const { facts } = await forgetOld(db, tenantId, { now, log: silent, isOver: () => false });
    expect(facts).toBeGreaterThan(0);
    const since = '2026-09-30T22:00:00.000Z';
    for (const [place, address] of ADDRESSES.entries()) {
      // By its name first, then from memory.
      for (const headers of [known(place), bearer]) {
        const answer = await history.get(address, headers);
        expect(answer.statusCode, address).toBe(200);
        const { data, meta } = answer.json();
        expect(meta.factsSince ?? data.from, address).toBe(since);
      }
    }
  });
});
