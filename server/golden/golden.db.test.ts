import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '../db/connect.ts';
import { until } from '../live/testing.ts';
import { bearerOf, createTestApp, type TestApp } from '../testing.ts';
import { readingsOfHistory } from './historyReadings.ts';
import { GOLDEN_LOGS } from './logs.ts';
import { areThere, textOf } from './sources.ts';

/**
 * Real logs, imported over HTTP, against independently computed figures, read over HTTP from history. Each is a call centre of
 * its own, where the few agents of a scenario are alone.
 */

const TIME_ZONE = 'America/New_York';
const LOGS = GOLDEN_LOGS.flat();

if (!areThere) console.warn('skipped: the real logs (../shared/data/queue_log) are not beside this checkout');

describe.skipIf(!areThere)('history of real logs (../shared/data/queue_log)', () => {
  let server: TestApp;
  /** By file: how its call centre is asked. */
  const bearers = new Map<string, ReturnType<typeof bearerOf>>();

  /** How many of its roll-ups are still to be counted. */
  const dueOf = async (file: string): Promise<number> => {
    const [row] = await server.test.ownerSql<{ n: number }[]>`
      select count(*)::int as n from dirty_buckets join tenants on tenants.id = tenant_id
      where tenants.name = ${file} and due_at <= now()`;
    return row?.n ?? 0;
  };

  beforeAll(async () => {
    server = await createTestApp({}, { projects: true });
    for (const [i, { file }] of LOGS.entries()) {
      const tenantId = await server.test.newTenant(file);
      await inTenant(
        server.test.db,
        tenantId,
        (tx) => tx`update settings set time_zone = ${TIME_ZONE} where tenant_id = ${tenantId}`,
      );
      await server.addAccount(`a${i}@example.test`, 'admin', [], tenantId);
      bearers.set(file, (await server.signIn(`a${i}@example.test`)).bearer);
    }
  });
  afterAll(() => server?.close());

  it.each(LOGS)('[R1] every published figure of $file is right to the unit', async ({ file, figures }) => {
    const bearer = bearers.get(file) ?? bearerOf('');
    const imported = await server.app.inject({
      method: 'POST',
      url: '/api/v1/imports/asterisk?timeZone=UTC',
      headers: { ...bearer, 'content-type': 'text/plain' },
      payload: textOf(file),
    });
    expect(imported.json().data).toMatchObject({ rejected: 0, duplicates: 0 });
    await until(async () => {
      const { data } = (await server.ask('GET', '/live/health', bearer)).json();
      const { seq, headSeq, staleDays } = data.history;
      return headSeq > 0 && seq === headSeq && staleDays === 0 && (await dueOf(file)) === 0;
    }, 'the log is in history');
    const get = async (address: string): Promise<unknown> => {
      const answer = await server.ask('GET', `/analytics/performance${address}`, bearer);
      expect(answer.statusCode, answer.body).toBe(200);
      return answer.json();
    };
    const all = await figures(readingsOfHistory(get, TIME_ZONE));
    expect(all.length).toBeGreaterThan(0);
    for (const { what, ours, published, decimals } of all)
      expect.soft(ours, what).toBeCloseTo(published, decimals);
  });
});
