import { postEvents, signIn } from '../e2e/testing/api.ts';
import { startCallboard } from '../e2e/testing/server.ts';
import { traffic } from '../e2e/testing/traffic.ts';
import { openViewer } from '../e2e/testing/viewer.ts';
import { percentile, report } from './report.ts';
import { openScreens, UNCAPPED } from './screens.ts';

/** 2,000 events a second for ten seconds with 500 screens watching: how old is what they show, and is it all there. */
const EVENTS_PER_SECOND = 2_000;
const SECONDS = 10;
const BATCH = 100;
const SCREENS = 500;
/** A stream's patches leave at most every 250 ms [L8]: the wait nobody can be spared under load. */
const PATCH_INTERVAL_MS = 250;

interface Batch {
  sentAt: number;
  lastSeq: number;
}

const server = await startCallboard({ env: UNCAPPED });
try {
  const api = await signIn(server.url);
  const key = await api.createKey();
  const told: { at: number; seq: number }[][] = Array.from({ length: SCREENS }, () => []);
  const screens = await openScreens(server.url, api.token, SCREENS, (screen, seq) =>
    told[screen]?.push({ at: performance.now(), seq }),
  );
  const witness = await openViewer(server.url, api.token);

  const now = Date.now();
  const total = EVENTS_PER_SECOND * SECONDS;
  const events = traffic({
    seed: 1,
    calls: total / 3,
    agents: 300,
    queues: 20,
    startMs: now - 3_600_000,
    endMs: now,
  }).slice(0, total);
  const batches: Batch[] = [];
  const pending: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let at = 0; at < events.length; at += BATCH) {
    const due = startedAt + (at / EVENTS_PER_SECOND) * 1_000;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const sentAt = performance.now();
    pending.push(
      postEvents(server.url, key, events.slice(at, at + BATCH)).then(({ lastSeq }) => {
        batches.push({ sentAt, lastSeq });
      }),
    );
  }
  await Promise.all(pending);
  const lasted = (performance.now() - startedAt) / 1_000;
  const last = Math.max(...batches.map(({ lastSeq }) => lastSeq));
  await witness.until(({ seq }) => seq >= last);
  await allReach(screens.seqs, last);

  const ages = told.flatMap((patches) => batches.map((batch) => ageOf(batch, patches)));
  const truth = await openViewer(server.url, api.token);
  const same = JSON.stringify(withoutTime(truth.values)) === JSON.stringify(withoutTime(witness.values));
  truth.close();
  witness.close();
  screens.close();

  const baseline = { what: 'pause between patches', value: PATCH_INTERVAL_MS };
  const p99 = percentile(ages, 0.99);
  report(`${SCREENS} screens, ${Math.round(events.length / lasted)} events/s for ${SECONDS} s`, [
    { what: 'POST to screen, p50', value: percentile(ages, 0.5), unit: 'ms', baseline },
    {
      what: 'POST to screen, p99',
      value: p99,
      unit: 'ms',
      baseline,
      promise: { text: '≤ 400 ms', kept: p99 <= 400 },
    },
    {
      what: 'events lost',
      value: events.length - last,
      unit: '',
      promise: {
        text: 'none, and the patched values equal a snapshot',
        kept: last === events.length && same,
      },
    },
    { what: 'offsets skipped', value: witness.gaps, unit: '' },
  ]);
} finally {
  await server.dispose();
}

function ageOf({ sentAt, lastSeq }: Batch, patches: { at: number; seq: number }[]): number {
  const first = patches.find(({ seq }) => seq >= lastSeq);
  return first ? first.at - sentAt : Number.POSITIVE_INFINITY;
}

async function allReach(seqs: number[], last: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (seqs.some((seq) => seq < last) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Values by key in one order; sums that a second of time alone may change are left out. */
function withoutTime(values: Record<string, unknown>): [string, unknown][] {
  return Object.entries(values)
    .filter(([key]) => key.startsWith('call:') || key.startsWith('queue:today'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
