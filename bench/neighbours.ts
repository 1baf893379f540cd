import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { z } from 'zod';
import { type Api, apiOf, postEvents, signIn } from '../e2e/testing/api.ts';
import { startCallboard } from '../e2e/testing/server.ts';
import { traffic } from '../e2e/testing/traffic.ts';
import { openViewer } from '../e2e/testing/viewer.ts';
import { createPasswords } from '../server/access/passwords.ts';
import { session } from '../shared/contract/rest.ts';
import { startPostgres } from './postgres.ts';
import { percentile, report } from './report.ts';
import { openScreens, UNCAPPED } from './screens.ts';

/**
 * [S50] Two call centres on one server: how long one waits for its own events while the other is quiet, and while the
 * other has more than a hundred times its load and screens of its own.
 */
const SECONDS = 40;
/** Fewer than patches may leave: each is a leading edge [L8], and what is measured is not the pause between two. */
const OURS_PER_SECOND = 3;
/** A hundred times would be 300 a second, which one does not notice. */
const TIMES = 300;
const BATCH = 50;
const THEIR_SCREENS = 50;
const PROMISED = 2;
/** The neighbour's administrator. */
const OTHER = { email: 'other@example.test', password: 'another-correct-horse' };

const database = await startPostgres();
const url = await database.create('neighbours');
const server = await startCallboard({ env: { ...UNCAPPED, DATABASE_URL: url } });

/** A second call centre, with an administrator of its own. */
async function signInNextDoor(): Promise<Api> {
  const [tenant, account] = [randomUUID(), randomUUID()];
  const hash = await createPasswords().hash(OTHER.password);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`select create_tenant(${tenant}, 'Next door', 'next-door', 'UTC')`;
  await sql`select create_account(${account}, ${OTHER.email}, 'Other', ${hash})`;
  await sql`insert into memberships (tenant_id, account_id, role) values (${tenant}, ${account}, 'admin')`;
  await sql.end();
  const answer = await fetch(`${server.url}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(OTHER),
  });
  const { data } = z.object({ data: session }).parse(await answer.json());
  return apiOf(server.url, data.accessToken);
}

/** Calls `work` `perSecond` times a second for SECONDS, whether or not the last is done. */
async function paced(perSecond: number, work: (index: number) => Promise<void>): Promise<void> {
  const pending: Promise<void>[] = [];
  const began = performance.now();
  for (let index = 0; index < perSecond * SECONDS; index++) {
    const due = began + (index / perSecond) * 1_000;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    pending.push(work(index));
  }
  await Promise.all(pending);
}

try {
  const [ours, theirs] = [await signIn(server.url), await signInNextDoor()];
  const [ourKey, theirKey] = [await ours.createKey(), await theirs.createKey()];
  const viewer = await openViewer(server.url, ours.token);

  /** From POST to our viewer's store, for each of our events. */
  const measure = async (name: string): Promise<number[]> => {
    const taken: number[] = [];
    await paced(OURS_PER_SECOND, async (index) => {
      const callId = `${name}-${index}`;
      const startedAt = performance.now();
      const shown = viewer.until(({ values }) => `call:${callId}` in values);
      const event = { kind: 'call.queued', callId, queue: 'support', occurredAt: Date.now() };
      await postEvents(server.url, ourKey, [{ ...event, source: 'bench', sourceKey: callId }]);
      await shown;
      taken.push(performance.now() - startedAt);
    });
    return taken;
  };

  await measure('warm');
  const quiet = await measure('quiet');

  const screens = await openScreens(server.url, theirs.token, THEIR_SCREENS);
  const endMs = Date.now();
  const total = OURS_PER_SECOND * TIMES * SECONDS;
  const load = { seed: 1, calls: total / 3, agents: 300, queues: 20, startMs: endMs - 3_600_000, endMs };
  const events = traffic(load).slice(0, total);
  const [loud] = await Promise.all([
    measure('loud'),
    paced((OURS_PER_SECOND * TIMES) / BATCH, async (index) => {
      await postEvents(server.url, theirKey, events.slice(index * BATCH, (index + 1) * BATCH));
    }),
  ]);
  screens.close();
  viewer.close();

  const figure = (share: number) => ({
    value: percentile(loud, share),
    unit: 'ms',
    baseline: { what: 'while the other is quiet', value: percentile(quiet, share) },
  });
  const p99 = figure(0.99);
  report(`[S50] Our events while a neighbour has ${TIMES} times as many`, [
    { what: 'POST to screen, p50', ...figure(0.5) },
    {
      what: 'POST to screen, p99',
      ...p99,
      promise: { text: `within ${PROMISED}×`, kept: p99.value <= PROMISED * p99.baseline.value },
    },
  ]);
} finally {
  await server.dispose();
  await database.stop();
}
