import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { inTenant } from '../db/connect.ts';
import { until } from '../live/testing.ts';
import { createTestApp, type TestApp } from '../testing.ts';
import type { Projector } from './projector.ts';
import { startTestProjector, untilProjected } from './testing.ts';

/** An import is taken back at the very moment at which a day of it, never folded before, is being written. */

let server: TestApp;
let manager: { authorization: string };
let projector: Projector;
const DAY = 86_400;
const start = (Math.floor(Date.now() / 1_000 / DAY) - 3) * DAY + 43_200;
const log = Array.from({ length: 40 }, (_, i) => {
  const at = start + i * 10;
  return `${at}|c${i}|support|NONE|ENTERQUEUE||5551234|1\n${at + 5}|c${i}|support|SIP/ada|CONNECT|5|x|0\n${at + 9}|c${i}|support|SIP/ada|COMPLETECALLER|5|4|1\n`;
}).join('');

beforeAll(async () => {
  server = await createTestApp();
  await server.addAccount('manager@example.test', 'manager');
  manager = (await server.signIn('manager@example.test')).bearer;
});
beforeEach(async () => {
  // So that the checkpoint is there, and nothing of the days below.
  begin();
  await importLog(`${start + 30 * DAY}|n|support|NONE|QUEUESTART|\n`, 'other');
  await untilProjected(server.test.db, server.test.tenantId, projector);
  await server.test.ownerSql`delete from history_days`;
  await projector.close();
});
afterAll(() => server.close());

function begin(): void {
  projector = startTestProjector(server.test.db, server.test.tenantId, { now: Date.now });
}

async function importLog(payload: string, source = 'asterisk'): Promise<string> {
  const answer = await server.app.inject({
    method: 'POST',
    url: `/api/v1/imports/asterisk?name=log&source=${source}`,
    headers: { ...manager, 'content-type': 'text/plain' },
    payload,
  });
  expect(answer.statusCode, answer.body).toBe(200);
  const [latest] = (await server.ask('GET', '/imports?limit=1', manager)).json().data;
  return latest.id;
}

/** Until so many transactions wait for another. */
const untilWaiting = (count: number) =>
  until(async () => {
    const [row] = await server.test.ownerSql<{ waiting: number }[]>`
      select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    return row?.waiting === count;
  }, `${count} wait for a lock`);

async function known() {
  await untilProjected(server.test.db, server.test.tenantId, projector);
  const [row] = await server.test.ownerSql<{ visits: number; names: string[] }[]>`
    select (select count(*)::int from queue_visits) as visits, array(select name from agent_names order by 1) as names`;
  return row;
}

async function isImportedAgain(): Promise<void> {
  expect(await known()).toEqual({ visits: 0, names: [] });
  const again = await importLog(log);
  expect(await known()).toEqual({ visits: 40, names: ['SIP/ada'] });
  expect((await server.ask('DELETE', `/imports/${again}`, manager)).statusCode).toBe(200);
  expect(await known()).toEqual({ visits: 0, names: [] });
  await projector.close();
}

it('what was read of the log before, and is written after, is read again', async () => {
  const id = await importLog(log);
  await inTenant(server.test.db, server.test.tenantId, async (tx) => {
    const [part] = await tx`select voided, earliest, latest from void_events(${id}, 0, 20000)`;
    await tx`select finish_void(${id}, ${part?.voided}, ${part?.earliest}, ${part?.latest})`;
    begin();
    await untilWaiting(1);
  });
  await isImportedAgain();
});

it('what is written before is stale', async () => {
  const id = await importLog(log);
  let voiding: Promise<{ statusCode: number }> | undefined;
  await inTenant(server.test.db, server.test.tenantId, async (tx) => {
    await tx`select from projection_checkpoints for update`;
    begin();
    await untilWaiting(1);
    voiding = server.ask('DELETE', `/imports/${id}`, manager);
    await untilWaiting(2);
  });
  expect((await voiding)?.statusCode).toBe(200);
  await isImportedAgain();
});
