import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHistory, type History, RANGE } from './testing.ts';

/**
 * What is asked of the past is answered from facts and roll-ups, however long the log: with the server's right to read the log taken
 * away, every endpoint answers all the same, but for the one that shows a call's raw events and the one that recounts a day from them.
 */

let history: History;
beforeAll(async () => {
  history = await createHistory(60);
  const { ownerSql, db } = history.test;
  const [role] = await db.sql<{ name: string }[]>`select current_user as name`;
  await ownerSql`revoke select on call_events from ${ownerSql(role?.name ?? '')}`;
});
afterAll(() => history.close());

/** Addresses below these are answered from the past. */
const OF_THE_PAST = /^\/api\/v1\/(analytics|calls|legs|importer-health)/;
const RAW = ['/api/v1/calls/:id', '/api/v1/analytics/reconciliation'];

const NOBODY = '0a000000-0000-4000-8000-00000000dead';

/** What each is asked with; several where they read differently. A new endpoint has to be put here. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  '/api/v1/analytics/performance/summary': [RANGE, `${RANGE}&threshold=33`, `${RANGE}&compare=previous`],
  '/api/v1/analytics/performance/sectors': [RANGE, `${RANGE}&shortAbandon=7`],
  '/api/v1/analytics/performance/trends': [
    ...['hour', 'day', 'week', 'month', 'queue'].map((step) => `${RANGE}&groupBy=${step}`),
    'startDate=2026-10-24&endDate=2026-10-26&groupBy=interval',
    `${RANGE}&groupBy=day&timeZone=Asia/Tokyo&threshold=12`,
  ],
  '/api/v1/analytics/performance/pattern': [RANGE, `${RANGE}&step=hour&threshold=12`],
  '/api/v1/analytics/performance/pattern/days': [
    `${RANGE}&weekday=2&startMinutes=600`,
    `${RANGE}&weekday=7&startMinutes=135&step=interval&threshold=12`,
  ],
  '/api/v1/analytics/performance/short-calls': [RANGE, `${RANGE}&groupBy=agent&queue=q1`],
  '/api/v1/analytics/performance/transfers': [RANGE, `${RANGE}&groupBy=route&queue=q0`],
  '/api/v1/analytics/performance/on-target': ['queue', 'day', 'hour'].map((by) => `${RANGE}&groupBy=${by}`),
  '/api/v1/analytics/performance/called-back': [RANGE, `${RANGE}&sector=north`],
  '/api/v1/analytics/performance/waits': [RANGE, `${RANGE}&queue=q1&shortAbandon=7`],
  '/api/v1/analytics/performance/agents': [RANGE, `${RANGE}&queue=q1&line=ahtMs`],
  '/api/v1/analytics/performance/agents.csv': [RANGE, `${RANGE}&queue=q1`],
  '/api/v1/analytics/performance/agents/:id': [RANGE],
  '/api/v1/analytics/performance/agents/:id/days': [RANGE],
  '/api/v1/analytics/performance/top': [RANGE],
  '/api/v1/analytics/performance/explain': [
    `${RANGE}&metric=serviceLevel`,
    `${RANGE}&metric=waitP90Ms&threshold=33`,
    `${RANGE}&metric=ahtMs&agent=a0`,
  ],
  '/api/v1/analytics/dashboard': [''],
  '/api/v1/analytics/reconciliations': [RANGE],
  ...Object.fromEntries(
    ['summary', 'agents', 'trends', 'completion', 'calibration', 'scores'].map((name) => [
      `/api/v1/analytics/quality/${name}`,
      [RANGE],
    ]),
  ),
  '/api/v1/analytics/quality/sample': ['startDate=2026-10-01&endDate=2026-10-31'],
  '/api/v1/analytics/quality/explain': [`${RANGE}&metric=coverage`, `${RANGE}&metric=ahtMs&agent=a0`],
  '/api/v1/analytics/quality/due': ['month=2026-10'],
  '/api/v1/analytics/quality/forms': [''],
  // None of that id is there: looked for in their own tables, and not found.
  '/api/v1/analytics/quality/scores/:id': [''],
  '/api/v1/analytics/quality/forms/:id': [''],
  '/api/v1/calls': ['', 'startDate=2026-10-01&endDate=2026-10-05&agent=a1', 'caller=0176&minWaitMs=1000'],
  '/api/v1/calls.csv': [''],
  '/api/v1/legs': ['kind=missed', 'kind=outbound&startDate=2026-10-01&endDate=2026-10-05&agent=a1'],
  '/api/v1/importer-health': ['startDate=2026-10-01&endDate=2026-10-31'],
};

describe('no endpoint but calls/:id reads raw events', () => {
  it('of all there are', async () => {
    const { bearer } = await history.signIn('admin@example.test');
    const urls = history.routes
      .filter(({ method, url }) => [method].flat().includes('GET') && OF_THE_PAST.test(url))
      .map(({ url }) => url);
    expect(urls).toEqual(expect.arrayContaining(RAW));
    for (const url of new Set(urls)) {
      if (RAW.includes(url)) continue;
      const queries = ASKED[url] ?? ASKED[url.replace(/\.csv$/, '')];
      expect(queries, `what to ask of ${url}`).toBeDefined();
      for (const query of queries ?? []) {
        const address = `${url.replace('/api/v1', '').replace(':id', url.includes('/quality/') ? NOBODY : 'a0')}?${query}`;
        const answer = await history.ask('GET', address, bearer);
        expect(answer.statusCode, `${address} ${answer.body}`).toBe(address.includes(NOBODY) ? 404 : 200);
      }
    }
  });

  it('and calls/:id does, so that this would be noticed', async () => {
    const { bearer } = await history.signIn('admin@example.test');
    expect((await history.ask('GET', '/calls/c0', bearer)).statusCode).toBe(500);
  });
});
