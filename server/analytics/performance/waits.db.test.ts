import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { summaryAnswer, waitsAnswer } from '../../../shared/contract/analytics.ts';
import { DEFINITIONS } from '../../../shared/contract/metrics.ts';
import { ratio, serviceLevelParts } from '../../../shared/metrics/serviceLevel.ts';
import { verdictsWithin } from '../../../shared/metrics/waitRows.ts';
import { createHistory, dataOf, type History, RANGE } from '../testing.ts';

/** Waits by length, against SQL of its own over the visits. */

let history: History;
beforeAll(async () => {
  history = await createHistory(500);
});
afterAll(() => history.close());

const waits = (parameters = '') => dataOf(history, `/waits?${RANGE}${parameters}`, waitsAnswer);

/** Short abandons of `q2` by so many seconds; settings that have changed have another version, or they would be remembered. */
async function limit(seconds: number | null): Promise<void> {
  const { tenantId, ownerSql } = history.test;
  await ownerSql`update queues set short_abandon_seconds = ${seconds} where tenant_id = ${tenantId} and id = 'q2'`;
  await ownerSql`update settings set version = version + 1 where tenant_id = ${tenantId}`;
}

describe('waits by length', () => {
  it('[V6] [V7] are those of the visits, each second by what became of them, short abandons by their queue’s limit', async () => {
    const { tenantId, ownerSql } = history.test;
    // Roll-ups are not stamped with this: what is counted follows settings all the same.
    await limit(9);
    const expected = await ownerSql`
      select ceil(wait_ms / 1000.0)::int * 1000 as "withinMs",
        count(*) filter (where outcome = 'answered')::int as answered,
        count(*) filter (where outcome = 'abandoned')::int as abandoned,
        count(*) filter (where outcome = 'abandoned' and wait_ms <= case queue_id when 'q2' then 9000 else 5000 end)::int
          as "shortAbandoned",
        count(*) filter (where outcome = 'callback_requested')::int as callbacks,
        count(*) filter (where outcome not in ('answered', 'abandoned', 'callback_requested'))::int as otherwise
      from queue_visits
      where tenant_id = ${tenantId} and outcome not in ('refused', 'open', 'lost') and origin <> 'callback'
        and wait_ms <= 600000
      group by 1 order by 1`;
    const { data, meta } = await waits();
    const exact = data.filter(({ withinMs }) => withinMs <= 600_000);
    expect(exact.length).toBeGreaterThan(30);
    expect(exact.map(({ afterMs: _, waiting: __, cumulative: ___, ...row }) => row)).toEqual(
      expected.map((row) => ({ ...row })),
    );
    const { good, of } = serviceLevelParts('standard', verdictsWithin(data, 12), meta.genesys);
    const mixed = await dataOf(history, `/summary?${RANGE}&threshold=12`, summaryAnswer);
    expect(mixed.data.thresholds.shortAbandonSeconds).toBeNull();
    expect(mixed.data.serviceLevel).toBe(ratio(good, of));
    await limit(null);
    const [all] = await ownerSql`
      select count(*)::int as n from queue_visits
      where tenant_id = ${tenantId} and outcome not in ('refused', 'open', 'lost') and origin <> 'callback'`;
    expect(data.at(-1)?.cumulative).toBe(all?.n);
    expect(data.every((row, place) => row.afterMs >= (data[place - 1]?.withinMs ?? 0))).toBe(true);
  });

  it.each(['', '&queue=q2', '&sector=north', '&timeZone=Asia/Tokyo', '&shortAbandon=7'])(
    '[SL1]–[SL7] tell the service level at any threshold, as a summary that is asked for it (%s)',
    async (filter) => {
      const { data, meta } = await waits(filter);
      for (const seconds of [0, 1, 12, 20, 75, 300, 600]) {
        for (const definition of DEFINITIONS) {
          const { good, of } = serviceLevelParts(definition, verdictsWithin(data, seconds), meta.genesys);
          const address = `/summary?${RANGE}${filter}&threshold=${seconds}&definition=${definition}`;
          const told = (await dataOf(history, address, summaryAnswer)).data.serviceLevel;
          expect(ratio(good, of), address).toBe(told);
        }
      }
    },
  );

  it('[SL0] who still waits has missed what they have waited for, and is not among those who left', async () => {
    const { tenantId, ownerSql } = history.test;
    const before = (await waits('&queue=q1')).data;
    // Just after the tenant's midnight, who has waited for a minute and a half came yesterday.
    const [entered, today] = [Date.now() - 90_000, Date.now()].map((at) =>
      new Date(at).toLocaleDateString('sv', { timeZone: 'Europe/Berlin' }),
    );
    const now = `/waits?startDate=${entered}&endDate=${today}&queue=q1`;
    await ownerSql`
      insert into queue_visits (tenant_id, entered_at, call_id, nth, queue_id, source, origin, outcome, wait_ms, is_transferred,
        is_completed, is_inferred, is_called_back, earlier_queues)
      values (${tenantId}, now() - interval '90 seconds', 'still waiting', 1, 'q1', 'pbx', 'inbound', 'open', 0, false,
        false, false, false, '{}')`;
    const { data } = await dataOf(history, now, waitsAnswer);
    expect(data.map(({ waiting, cumulative }) => ({ waiting, cumulative }))).toEqual([
      { waiting: 1, cumulative: 0 },
    ]);
    expect(verdictsWithin(data, 80)).toMatchObject({ missed: 1, met: 0 });
    expect(verdictsWithin(data, 600)).toMatchObject({ missed: 0, met: 0 });
    expect((await waits('&queue=q1')).data).toEqual(before);
  });

  it('come as a file, and are named anew only when something has changed', async () => {
    const { data } = await waits();
    const file = await history.get(`/waits.csv?${RANGE}`);
    expect(file.headers['content-disposition']).toContain('waits-2026-09-28-2026-11-03.csv');
    expect(file.body.trimEnd().split('\r\n')).toHaveLength(data.length + 1);
    const { etag = '' } = (await history.get(`/waits?startDate=2026-10-01&endDate=2026-10-31`)).headers;
    const again = { ...(await history.signIn('admin@example.test')).bearer, 'if-none-match': etag };
    expect((await history.get(`/waits?startDate=2026-10-01&endDate=2026-10-31`, again)).statusCode).toBe(304);
  });
});
