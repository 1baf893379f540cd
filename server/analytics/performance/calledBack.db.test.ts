import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calledBackAnswer } from '../../../shared/contract/calledBack.ts';
import { createHistory, dataOf, type History, RANGE } from '../testing.ts';
import { breakdownRoutes } from './breakdownRoutes.ts';
import { createExplaining } from './explaining.ts';

/** Abandoned callers who called again and were answered, against SQL of its own over the facts. */

let history: History;
beforeAll(async () => {
  history = await createHistory(900);
  // Few callers, so that many call again; one in twelve withholds his number, and some told none.
  const { ownerSql, tenantId } = history.test;
  await ownerSql`
    update queue_visits set caller = case mod(abs(hashtext(call_id)), 12) when 0 then 'anonymous' when 1 then null
      else 'caller-' || mod(abs(hashtext(call_id)), 60) end
    where tenant_id = ${tenantId}`;
});
afterAll(() => history.close());

const calledBack = (query: string) => dataOf(history, `/called-back?${query}`, calledBackAnswer);

/** By joining every abandoned visit with every answered one of its caller, and not by looking for one. */
async function expected(days: number, queues = ['q0', 'q1', 'q2']) {
  const { ownerSql, tenantId } = history.test;
  const rows = await ownerSql`
    with visit as (
      select v.*, coalesce(q.sector_id, 'none') as sector from queue_visits v
      left join queues q on q.tenant_id = v.tenant_id and q.id = v.queue_id where v.tenant_id = ${tenantId}
    ), gone as (
      select * from visit where outcome = 'abandoned'
        and entered_at at time zone 'Europe/Berlin' >= '2026-09-28' and entered_at at time zone 'Europe/Berlin' < '2026-11-04'
    ), back as (
      select distinct gone.call_id, gone.nth from gone join visit a on a.caller = gone.caller and a.sector = gone.sector
      where gone.origin <> 'callback' and gone.caller <> 'anonymous' and a.outcome = 'answered' and a.origin <> 'callback'
        and a.call_id <> gone.call_id
        and extract(epoch from a.entered_at - gone.entered_at) > 0
        and extract(epoch from a.entered_at - gone.entered_at) <= ${days * 86_400}
    )
    select queue_id as "queueId", count(*)::int as abandoned,
      (count(*) filter (where origin <> 'callback' and caller is not null and caller <> 'anonymous'))::int as "abandonedKnown",
      (count(*) filter (where (call_id, nth) in (select call_id, nth from back)))::int as "abandonedReturned"
    from gone where queue_id = any(${queues}) group by 1 order by 1`;
  return rows.map((row) => ({ ...row }));
}

const shown = ({ data }: Awaited<ReturnType<typeof calledBack>>) =>
  data.map(({ queueId, abandoned, abandonedKnown, abandonedReturned }) => ({
    queueId,
    abandoned,
    abandonedKnown,
    abandonedReturned,
  }));

describe('[V12] abandoned callers who called again and were answered', () => {
  it('are counted of each queue and together, within the days the tenant set', async () => {
    const { ownerSql, tenantId } = history.test;
    let before = Number.POSITIVE_INFINITY;
    for (const days of [7, 1]) {
      await ownerSql`update settings set first_contact_days = ${days}, version = version + 1 where tenant_id = ${tenantId}`;
      const answer = await calledBack(RANGE);
      expect(shown(answer)).toEqual(await expected(days));
      const { total, firstContactDays, openSince } = answer.meta;
      expect(firstContactDays).toBe(days);
      expect(total.abandonedReturned).toBeGreaterThan(0);
      expect(total.abandonedReturned).toBeLessThan(Math.min(before, total.abandonedKnown));
      expect(total.abandonedReturnRate).toBe(total.abandonedReturned / total.abandonedKnown);
      expect(openSince).toBe(Date.now() - days * 86_400_000 < Date.parse('2026-11-04') ? openSince : null);
      before = total.abandonedReturned;
    }
    await ownerSql`update settings set first_contact_days = 7, version = version + 1 where tenant_id = ${tenantId}`;
    expect(shown(await calledBack(`${RANGE}&sector=north`))).toEqual(await expected(7, ['q0', 'q1']));
    expect(shown(await calledBack(`${RANGE}&queue=q2`))).toEqual(await expected(7, ['q2']));
  });

  it('each figure is explained, and the list behind it is as long as it says', async () => {
    const { data, meta } = await calledBack(RANGE);
    const told = createExplaining(history);
    for (const row of data)
      await told.expectExplained(meta.explain, row, [
        'abandoned',
        'abandonedKnown',
        'abandonedReturned',
        'abandonedReturnRate',
      ]);
    const tooLong = 'startDate=2026-01-01&endDate=2026-11-03';
    expect((await history.get(`/explain?${tooLong}&metric=abandonedReturned`)).statusCode).toBe(400);
    expect((await history.get(`/explain?${tooLong}&metric=abandonedKnown`)).statusCode).toBe(200);
    expect((await history.get(`/explain?${RANGE}&metric=abandonedKnown&agent=a0`)).statusCode).toBe(400);
  });

  it('are counted anew as long as somebody may still call again, and then stay what they are', async () => {
    const { parts, test, signIn } = history;
    const { bearer } = await signIn('admin@example.test');
    let now = 0;
    const app = Fastify();
    app.setValidatorCompiler(validatorCompiler);
    app.setSerializerCompiler(serializerCompiler);
    await app.register(breakdownRoutes, { db: test.db, access: parts.access, now: () => now });
    const at = async (instant: string, etag?: unknown) => {
      now = Date.parse(instant);
      return app.inject({
        url: `/analytics/performance/called-back?${RANGE}`,
        headers: { ...bearer, ...(etag !== undefined && { 'if-none-match': String(etag) }) },
      });
    };
    const open = await at('2026-11-08T12:01:00Z');
    expect(open.json().meta.openSince).toBe('2026-11-01T12:01:00.000Z');
    const { etag } = open.headers;
    expect((await at('2026-11-08T12:14:00Z', etag)).statusCode).toBe(304);
    const later = await at('2026-11-08T12:16:00Z', etag);
    expect([later.statusCode, later.json().meta.openSince]).toEqual([200, '2026-11-01T12:16:00.000Z']);
    // The last of them hung up before the night to 4 November.
    const last = await at('2026-11-10T22:59:00Z');
    expect(last.json().meta.openSince).toBe('2026-11-03T22:59:00.000Z');
    const over = await at('2026-11-10T23:15:00Z', last.headers.etag);
    expect([over.statusCode, over.json().meta.openSince]).toEqual([200, null]);
    expect((await at('2026-12-24T18:00:00Z', over.headers.etag)).statusCode).toBe(304);
    await app.close();
  });

  it('[S46] whoever is held to a sector sees its queues alone', async () => {
    await history.addAccount('held-back@example.test', 'supervisor', ['south']);
    const { bearer } = await history.signIn('held-back@example.test');
    const answer = await history.get(`/called-back?${RANGE}`, bearer);
    expect(answer.json().data.map(({ queueId }: { queueId: string }) => queueId)).toEqual(['q2']);
    for (const query of ['queue=q0', 'sector=north'])
      expect((await history.get(`/called-back?${RANGE}&${query}`, bearer)).statusCode, query).toBe(400);
  });

  it('is a file; refuses more than a quarter of a year, and what it does not know', async () => {
    const file = await history.get(`/called-back.csv?${RANGE}`);
    expect(file.body.split('\r\n')[0]).toContain(
      'abandoned,abandonedKnown,abandonedReturned,abandonedReturnRate',
    );
    expect(file.body.trim().split('\r\n')).toHaveLength(1 + 3);
    for (const [query, field] of [
      ['startDate=2026-01-01&endDate=2026-11-03', 'endDate'],
      [`${RANGE}&queue=nope`, 'queue'],
      [`${RANGE}&threshold=20`, 'threshold'],
    ] as const) {
      const answer = await history.get(`/called-back?${query}`);
      expect(answer.statusCode, query).toBe(400);
      expect(answer.body, query).toContain(field);
    }
  });
});
