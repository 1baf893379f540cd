import { afterAll, beforeAll, expect, it } from 'vitest';
import { append, until } from '../live/testing.ts';
import { type Bearer, createTestApp, type TestApp } from '../testing.ts';

const HOUR = 3_600_000;
/** Ten days ago, 22:30 in UTC: half past eleven in Lagos, already the next day in Kathmandu. */
const LATE = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR - 10 * 24 * HOUR + 22.5 * HOUR;
const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const RANGE = `startDate=${dateOf(LATE - 72 * HOUR)}&endDate=${dateOf(LATE + 72 * HOUR)}`;

let server: TestApp;
let bearer: Bearer;
beforeAll(async () => {
  server = await createTestApp({}, { projects: true });
  await server.addAccount('admin@example.test', 'admin');
  ({ bearer } = await server.signIn('admin@example.test'));
});
afterAll(() => server.close());

const ask = async (address: string) =>
  (await server.ask('GET', `/analytics/performance/${address}`, bearer)).json();
/** The days with calls: when each begins, and how many were offered. */
async function days(): Promise<[start: string, offered: number][]> {
  const { data } = await ask(`trends?groupBy=day&${RANGE}`);
  return data
    .filter(({ offered }: { offered: number }) => offered > 0)
    .map(({ start, offered }: { start: string; offered: number }) => [start, offered]);
}
async function strays(zone: string): Promise<number> {
  const rows = await server.test.ownerSql`
    select from performance_trends where grain in ('day', 'month') and tenant_id = ${server.test.tenantId}
      and (extract(hour from bucket at time zone ${zone}) <> 0 or extract(minute from bucket at time zone ${zone}) <> 0)`;
  const noted = await server.test.ownerSql`
    select from history_days where tenant_id = ${server.test.tenantId} and (stale_since is not null
      or extract(hour from started_at at time zone ${zone}) <> 0 or extract(minute from started_at at time zone ${zone}) <> 0)`;
  return rows.length + noted.length;
}
async function settled(zone: string): Promise<void> {
  await until(async () => (await strays(zone)) === 0, `every day begins as it does in ${zone}`);
  await until(async () => {
    const { data, meta } = await ask(`summary?${RANGE}`);
    return data.offered === 3 && !meta.recounting;
  }, 'everything is counted');
}

it('[T1] another zone counts every day anew, and nothing is left under the old', async () => {
  const { db, tenantId } = server.test;
  const visit = (callId: string, at: number) => [
    { kind: 'call.queued' as const, occurredAt: at, callId, queue: 'sales', origin: 'inbound' as const },
    {
      kind: 'call.left' as const,
      occurredAt: at + 9_000,
      callId,
      queue: 'sales',
      outcome: 'abandoned' as const,
    },
  ];
  await append(db, tenantId, [
    ...visit('a', LATE),
    ...visit('b', LATE + HOUR),
    ...visit('c', LATE + 2 * HOUR),
  ]);
  await settled('UTC');
  const day = LATE - 22.5 * HOUR;
  const iso = (at: number) => new Date(at).toISOString();
  expect(await days()).toEqual([
    [iso(day), 2],
    [iso(day + 24 * HOUR), 1],
  ]);
  const change = async (body: object) => {
    const answer = await server.app.inject({
      method: 'PATCH',
      url: '/api/v1/settings',
      headers: bearer,
      payload: body,
    });
    expect(answer.statusCode, answer.body).toBe(200);
  };
  await change({ timeZone: 'Asia/Kathmandu' });
  await settled('Asia/Kathmandu');
  expect(await days()).toEqual([[iso(day + 18.25 * HOUR), 3]]);
  await change({ timeZone: 'Africa/Lagos' });
  await settled('Africa/Lagos');
  expect(await days()).toEqual([
    [iso(day - HOUR), 1],
    [iso(day + 23 * HOUR), 2],
  ]);
});
