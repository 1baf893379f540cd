import { signIn } from '../e2e/testing/api.ts';
import { type Callboard, startCallboard } from '../e2e/testing/server.ts';
import { liveHealth } from '../shared/contract/rest.ts';
import { report } from './report.ts';

/**
 * What the demo call centre costs while it plays: CPU of the whole server through a late morning's minute, beside the same
 * server without it at the same time. What is past is told first and not counted.
 */
const WATCHED_MS = 60_000;
const TOLD_WITHIN_MS = 240_000;
const BUSY_HOUR = 11;

/** The zone in which it is the busiest hour of the day now. */
const east = (BUSY_HOUR - new Date().getUTCHours() + 36) % 24;
const zone = `Etc/GMT${east <= 12 ? `-${east}` : `+${24 - east}`}`;
const local = new Date(Date.now() + (east <= 12 ? east : east - 24) * 3_600_000);
const weekday = local.toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });

/** CPU time of the server process so far, all its threads, in ms. */
async function cpuMs({ url }: Callboard): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const seconds = /^process_cpu_seconds_total ([\d.e+-]+)/m.exec(text)?.[1];
  if (seconds === undefined) throw new Error('/metrics told of no CPU time.');
  return Number(seconds) * 1_000;
}

/** Resolves once the demo says only what happens now: a second brings no more than a few events. */
async function untilTold({ url }: Callboard): Promise<void> {
  const api = await signIn(url);
  const deadline = performance.now() + TOLD_WITHIN_MS;
  for (let last = -1; performance.now() < deadline; ) {
    const { seq } = (await api.get('/api/v1/live/health', liveHealth)).feed;
    if (last > 0 && seq - last < 20) return;
    last = seq;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error('The demo did not finish telling what is past.');
}

const quiet = await startCallboard({ env: { TENANT_TIME_ZONE: zone } });
const playing = await startCallboard({ env: { TENANT_TIME_ZONE: zone, DEMO: 'on' } });
try {
  await untilTold(playing);
  const before = [await cpuMs(quiet), await cpuMs(playing)] as const;
  await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
  const idle = (100 * ((await cpuMs(quiet)) - before[0])) / WATCHED_MS;
  const busy = (100 * ((await cpuMs(playing)) - before[1])) / WATCHED_MS;
  report(
    `The demo call centre on a ${weekday} at ${BUSY_HOUR}:${String(local.getUTCMinutes()).padStart(2, '0')}`,
    [
      {
        what: 'CPU of the server, the simulator and what becomes of its events',
        value: busy,
        unit: '% of a core',
        baseline: { what: 'without the demo', value: idle },
        promise: { text: '≤ 3 % more', kept: busy - idle <= 3 },
      },
    ],
  );
} finally {
  await Promise.all([quiet.dispose(), playing.dispose()]);
}
