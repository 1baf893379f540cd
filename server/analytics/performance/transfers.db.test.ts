import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transfersAnswer } from '../../../shared/contract/transfers.ts';
import { createHistory, dataOf, type History, RANGE } from '../testing.ts';
import { createExplaining } from './explaining.ts';

/** Where transferred calls went, against SQL of its own over the facts. */

let history: History;
beforeAll(async () => {
  history = await createHistory(900);
  // Most that are transferred enter a queue: at once, at the last moment, or too late for it.
  const { ownerSql, tenantId } = history.test;
  await ownerSql`
    insert into queue_visits (tenant_id, entered_at, call_id, nth, queue_id, source, caller, origin, outcome, settled_at, wait_ms,
      is_transferred, is_completed, is_inferred, is_called_back, earlier_queues)
    select tenant_id, ended_at + (array[0, 60000, 60001, 1])[1 + mod(abs(hashtext(call_id)), 4)] * interval '1 ms', call_id, nth + 1000,
      'q' || mod(abs(hashtext(call_id || 'to')), 3), source, caller, 'transfer', 'abandoned', ended_at, 1000,
      false, false, false, false, array[queue_id]
    from queue_visits as v where tenant_id = ${tenantId} and is_transferred and ended_at is not null
      and mod(abs(hashtext(call_id || 'any')), 3) > 0
      and not exists (select from queue_visits as later
        where later.tenant_id = v.tenant_id and later.call_id = v.call_id and later.nth > v.nth)`;
});
afterAll(() => history.close());

const transfers = (query: string) => dataOf(history, `/transfers?${query}`, transfersAnswer);

/** By the visit that follows each in its call. */
async function expected(queues: readonly string[] = ['q0', 'q1', 'q2']) {
  const { ownerSql, tenantId } = history.test;
  const rows = await ownerSql<{ from: string; to: string | null; transfers: number }[]>`
    with visit as (
      select *, lead(queue_id) over w as next_queue, lead(entered_at) over w as next_at
      from queue_visits where tenant_id = ${tenantId} and outcome <> 'refused'
      window w as (partition by call_id order by nth)
    )
    select queue_id as "from", case when extract(epoch from next_at - ended_at) <= 60 then next_queue end as "to",
      count(*)::int as transfers
    from visit where outcome = 'answered' and is_transferred and ended_at is not null and queue_id = any(${[...queues]})
      and entered_at at time zone 'Europe/Berlin' >= '2026-09-28' and entered_at at time zone 'Europe/Berlin' < '2026-11-04'
    group by 1, 2`;
  return rows.map((row) => ({ ...row }));
}

const inOrder = <T extends object>(rows: readonly T[]) => rows.map((row) => JSON.stringify(row)).sort();

describe('[H6] transfers by destination', () => {
  it('are counted by where they went, and by the way there; all of them once', async () => {
    const ways = await expected();
    const { data, meta } = await transfers(`${RANGE}&groupBy=route`);
    expect(
      inOrder(data.map((row) => ({ from: row.fromQueueId, to: row.toQueueId, transfers: row.transfers }))),
    ).toEqual(inOrder(ways));
    const sum = (rows: readonly { transfers: number }[]) => rows.reduce((all, row) => all + row.transfers, 0);
    expect(meta.total).toEqual({
      transferred: sum(ways),
      transferredToQueue: sum(ways.filter(({ to }) => to !== null)),
      transferredElsewhere: sum(ways.filter(({ to }) => to === null)),
    });
    const { data: destinations } = await transfers(RANGE);
    expect(destinations.map(({ to, toName }) => [to, toName]).sort()).toEqual([
      ['elsewhere', null],
      ['queue', 'Billing'],
      ['queue', 'Sales'],
      ['queue', 'Service'],
    ]);
    for (const { toQueueId, transfers: told, share, fromQueueId } of destinations) {
      expect(told).toBe(sum(ways.filter(({ to }) => to === toQueueId)));
      expect(share).toBe(told / sum(ways));
      expect(fromQueueId).toBeNull();
    }
    const counts = destinations.map((row) => row.transfers);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    const some = await transfers(`${RANGE}&sector=north&queue=q1&groupBy=route`);
    expect(sum(some.data)).toBe(sum(await expected(['q1'])));
  });

  it('their calls are listed, and the figures of all are explained', async () => {
    const { data, meta } = await transfers(RANGE);
    for (const { to, toQueueId, transfers: told } of data) {
      const of = to === 'elsewhere' ? 'counted=transferredElsewhere' : `transferredTo=${toQueueId}`;
      const answer = await history.get(`/api/v1/calls?${RANGE}&${of}&limit=500`);
      expect(answer.json().data, of).toHaveLength(told);
    }
    await createExplaining(history).expectExplained(meta.explain, { ...meta.total, lowSample: [] }, [
      'transferred',
      'transferredToQueue',
      'transferredElsewhere',
    ]);
  });

  it('their calls are listed of as many days as they are counted of, with both ends', async () => {
    // The clock is put back within these: a quarter of a year by days is an hour more by instants.
    const quarter = { from: '2026-08-03T22:00:00Z', to: '2026-11-03T23:00:00Z' };
    const [by, from, to] = [new URLSearchParams(quarter), `from=${quarter.from}`, `to=${quarter.to}`];
    const [long, start, end] = ['2026-08-03', '2026-08-04', '2026-11-03'];
    for (const count of [
      'counted=transferredToQueue',
      'notCounted=transferredElsewhere',
      'counted=offered&counted=abandonedReturned',
      'transferredTo=q0',
    ])
      for (const [days, field] of [
        [by, null],
        [`startDate=${start}&endDate=${end}`, null],
        [`${from}&endDate=${end}`, null],
        [`startDate=${long}&endDate=${end}`, 'endDate'],
        [`from=2026-08-02T22:00:00Z&${to}`, 'to'],
        [`startDate=${long}&${to}`, 'to'],
        [`endDate=${end}`, 'from'],
        [`startDate=${start}`, 'to'],
        ['', 'from'],
      ] as const)
        for (const path of ['calls', 'calls.csv']) {
          const address = `/api/v1/${path}?${days}&${count}`;
          const answer = await history.get(address);
          expect(answer.statusCode, `${address} ${answer.body}`).toBe(field === null ? 200 : 400);
          if (field === null) continue;
          const [issue, ...others] = answer.json().error.issues;
          expect([issue.path, others], address).toEqual([field, []]);
          expect(issue.message).toContain('looked up');
        }
    for (const count of ['transferred', 'abandonedKnown', 'shortTalks'])
      expect((await history.get(`/api/v1/calls?startDate=2026-01-01&counted=${count}`)).statusCode).toBe(200);
  });

  it('[S46] queues out of sight are told together and not by name, and lead nowhere', async () => {
    await history.addAccount('held-transfers@example.test', 'supervisor', ['south']);
    const { bearer } = await history.signIn('held-transfers@example.test');
    const answer = await history.get(`/transfers?${RANGE}&groupBy=route`, bearer);
    const ways = await expected(['q2']);
    const rows: { to: string; toQueueId: string | null; transfers: number }[] = answer.json().data;
    expect(new Set(rows.map(({ toQueueId }) => toQueueId))).toEqual(new Set(['q2', null]));
    expect(rows.find(({ to }) => to === 'unseen')?.transfers).toBe(
      ways.filter(({ to }) => to === 'q0' || to === 'q1').reduce((sum, row) => sum + row.transfers, 0),
    );
    const list = await history.get(`/api/v1/calls?${RANGE}&transferredTo=q0`, bearer);
    expect(list.json().data).toEqual([]);
    for (const query of ['queue=q0', 'sector=north'])
      expect((await history.get(`/transfers?${RANGE}&${query}`, bearer)).statusCode, query).toBe(400);
  });

  it('is a file; refuses more than a quarter of a year, and what it does not know', async () => {
    const file = await history.get(`/transfers.csv?${RANGE}`);
    expect(file.body.split('\r\n')[0]).toContain('fromQueueId,fromName,to,toQueueId,toName,transfers,share');
    expect(file.body.trim().split('\r\n')).toHaveLength(1 + 4);
    for (const [query, field] of [
      ['startDate=2026-01-01&endDate=2026-11-03', 'endDate'],
      [`${RANGE}&groupBy=agent`, 'groupBy'],
      [`${RANGE}&queue=nope`, 'queue'],
      [`${RANGE}&limit=3`, 'limit'],
    ] as const) {
      const answer = await history.get(`/transfers?${query}`);
      expect(answer.statusCode, query).toBe(400);
      expect(answer.body, query).toContain(field);
    }
  });
});
