import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PerformanceMetrics } from '../../../shared/contract/analytics.ts';
import { sectorsQuery, summaryQuery, trendsQuery } from '../../../shared/contract/analyticsQuery.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { recountContacts } from '../../history/rollUps/recountContacts.ts';
import { recomputeAll } from '../../history/rollUps/testing.ts';
import { loadSettings } from '../../live/liveSettings.ts';
import type { Asked } from '../asked.ts';
import { createCentres } from '../centre.ts';
import { createHistory, type History, RANGE } from '../testing.ts';
import { queues } from './queues.ts';
import { sectors } from './sectors.ts';
import { summary } from './summary.ts';
import { trends } from './trends.ts';

/** [H4] against a count over the visits by SQL of its own. */

let history: History;
let db: Database;
let tenantId: string;

beforeAll(async () => {
  history = await createHistory(2_000);
  ({ db, tenantId } = history.test);
});
afterAll(() => history.close());

const NOW = Date.parse('2026-11-05T10:07:00+01:00');
const range = { startDate: '2026-09-28', endDate: '2026-11-03' };

async function ask(now = NOW): Promise<Asked> {
  const centre = await createCentres(db).read(tenantId);
  return { db, centre, sight: { sectors: null, audience: 'supervisor' }, now };
}

interface Counted {
  scope?: readonly string[];
  days?: number;
  now?: number;
  from?: string;
  to?: string;
}

/** Calls, each once a local day, and those whose caller did not call again. */
async function count({ scope = ['q0', 'q1', 'q2'], days = 7, now = NOW, from, to }: Counted = {}) {
  const window = `${days * 24} hours`;
  const [row] = await history.test.ownerSql<{ calls: number; resolved: number }[]>`
    with visit as (
      select v.*, q.sector_id, (v.entered_at at time zone 'Europe/Berlin')::date as day
      from queue_visits v join queues q on q.tenant_id = v.tenant_id and q.id = v.queue_id
      where v.tenant_id = ${tenantId} and caller is not null and caller <> 'anonymous' and origin <> 'callback'
    ),
    first as (
      select distinct on (call_id, day) * from visit
      where outcome = 'answered' and queue_id = any(${[...scope]}::text[]) order by call_id, day, entered_at, nth
    )
    select count(*)::int as calls, count(*) filter (where not exists (
      select from visit later where later.caller = first.caller and later.call_id <> first.call_id
        and later.sector_id = first.sector_id and later.entered_at > first.entered_at
        and later.entered_at <= first.entered_at + ${window}::interval
    ))::int as resolved
    from first
    where date_bin('15 minutes', entered_at, 'epoch') + '15 minutes'::interval + ${window}::interval <= ${new Date(now)}
      and day between ${from ?? range.startDate}::date and ${to ?? range.endDate}::date`;
  return row ?? { calls: 0, resolved: 0 };
}

const told = ({ firstContactCalls: calls, firstContactResolved: resolved }: PerformanceMetrics) => ({
  calls,
  resolved,
});

const decide = (days: number) =>
  inTenant(
    db,
    tenantId,
    (tx) =>
      tx`update settings set first_contact_days = ${days}, version = version + 1 where tenant_id = ${tenantId}`,
  );

beforeEach(() => decide(7));

describe('[H4] first-contact resolution', () => {
  it.each([1, 7, 13, 30, 60])('over %i days, changed at once, is what the visits say', async (days) => {
    await decide(days);
    const asked = await ask();
    const { data } = await summary(asked, summaryQuery.parse(range));
    const expected = await count({ days });
    expect(told(data)).toEqual(expected);
    expect(data.firstContactDays).toBe(days);
    if (days === 60) expect(expected.calls).toBe(0);
    else expect(expected.resolved).toBeGreaterThan(0);
    expect(data.firstContactResolution).toBe(
      expected.calls === 0 ? null : expected.resolved / expected.calls,
    );
    if (days < 30) expect(expected.resolved).toBeLessThan(expected.calls);
    // Once all of it is old enough.
    const late = NOW + 90 * 86_400_000;
    const whole = await summary(await ask(late), summaryQuery.parse(range));
    expect(told(whole.data)).toEqual(await count({ days, now: late }));
    expect(whole.data.firstContactCalls).toBeGreaterThan(500);
  });

  it('[T5] of several queues counts each call once, of sectors and queues by themselves', async () => {
    const asked = await ask();
    for (const scope of [['q0'], ['q1'], ['q0', 'q1'], ['q1', 'q2']]) {
      const { data } = await summary(asked, summaryQuery.parse({ ...range, queue: scope }));
      expect(told(data), scope.join()).toEqual(await count({ scope }));
    }
    const { data: rows } = await sectors(asked, sectorsQuery.parse(range));
    const north = rows.find(({ sectorId }) => sectorId === 'north');
    expect(north && told(north)).toEqual(await count({ scope: ['q0', 'q1'] }));
    const { data: each } = await queues(asked, trendsQuery.parse({ ...range, groupBy: 'queue' }));
    for (const row of each) expect(told(row)).toEqual(await count({ scope: [row.queueId] }));
    const [q0, q1] = [await count({ scope: ['q0'] }), await count({ scope: ['q1'] })];
    expect((await count({ scope: ['q0', 'q1'] })).calls).toBeLessThan(q0.calls + q1.calls);
  });

  it.each([
    ['interval', '2026-10-24', '2026-11-03'],
    ['hour', '2026-10-20', '2026-11-03'],
    ['day', range.startDate, range.endDate],
    ['week', range.startDate, range.endDate],
    ['month', range.startDate, range.endDate],
  ] as const)('of every %s adds up, and ends where calls are too young', async (groupBy, from, to) => {
    const query = trendsQuery.parse({ startDate: from, endDate: to, groupBy });
    const answer = await trends(await ask(), query, groupBy);
    const data = [...answer.data].map((row) => row.toJSON());
    const sum = (of: (row: PerformanceMetrics) => number | null) =>
      data.reduce((all, row) => all + (of(row) ?? 0), 0);
    expect({
      calls: sum((row) => row.firstContactCalls),
      resolved: sum((row) => row.firstContactResolved),
    }).toEqual(await count({ from, to }));
    const young = data.filter(({ start }) => Date.parse(start) > NOW - 7 * 86_400_000);
    expect(young.every((row) => row.firstContactCalls === 0 && row.firstContactResolution === null)).toBe(
      true,
    );
    if (groupBy !== 'day') return;
    for (const row of data.slice(0, 20)) {
      const day = new Date(Date.parse(row.end) - 3 * 3_600_000).toISOString().slice(0, 10);
      expect(told(row), day).toEqual(await count({ from: day, to: day }));
    }
  });

  it('[T9] counts by the sectors of now: null while a queue that moved is counted again', async () => {
    const before = await count();
    await history.test.ownerSql`
      update queues set sector_id = 'south' where tenant_id = ${tenantId} and id = 'q1'`;
    await inTenant(
      db,
      tenantId,
      (tx) => tx`update settings set version = version + 1 where tenant_id = ${tenantId}`,
    );
    const read = async () => summary(await ask(), summaryQuery.parse(range));
    expect(await read()).toMatchObject({
      data: { firstContactResolution: null, firstContactCalls: null, firstContactDays: 7 },
      meta: { recounting: true },
    });
    // [T5] Its calls are told at once, each once: by the lists of queues they had been in before.
    const south = async () => {
      const { data } = await sectors(await ask(), sectorsQuery.parse(range));
      return data.find(({ sectorId }) => sectorId === 'south')?.calls;
    };
    const { data: both } = await summary(await ask(), summaryQuery.parse({ ...range, queue: ['q1', 'q2'] }));
    expect(await south()).toBe(both.calls);
    const { settings } = await loadSettings(db, tenantId);
    expect(await recountContacts(db, tenantId)).toEqual({ more: true });
    expect((await read()).data.firstContactResolution).toBeNull();
    expect(await recomputeAll(db, tenantId, { settings, now: NOW })).toBeGreaterThan(500);
    expect(await recountContacts(db, tenantId)).toEqual({ more: false });
    expect(await recountContacts(db, tenantId)).toEqual({ more: false });
    const { data, meta } = await read();
    expect(meta.recounting).toBe(false);
    expect(await south()).toBe(both.calls);
    expect(told(data)).toEqual(await count());
    expect(await count()).not.toEqual(before);
  });

  it('is in the file, too', async () => {
    const { body } = await history.get(`/sectors.csv?${RANGE}`);
    expect(body.split('\r\n')[0]).toContain('firstContactResolution,firstContactResolved,firstContactCalls');
  });
});
