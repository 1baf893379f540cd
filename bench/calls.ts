import postgres from 'postgres';
import { signIn } from '../e2e/testing/api.ts';
import { startCallboard } from '../e2e/testing/server.ts';
import { makeVisits } from '../server/analytics/calls/manyVisits.ts';
import { callsAnswer } from '../shared/contract/calls.ts';
import { startPostgres } from './postgres.ts';
import { type Figure, percentile, report } from './report.ts';

/**
 * Finding visits by anything that is written on them among a year's (BENCH_VISITS, 1,000,000): a hundred of them over
 * HTTP, each time other ones. The baseline is a search that finds nothing by the one thing that is looked up at once.
 */
const VISITS = Number(process.env.BENCH_VISITS ?? 1_000_000);
const ROUNDS = 40;
const PROMISED_MS = 30;
const START = new Date('2025-01-01T00:00:00Z');
const DAY_MS = 86_400_000;

const dayOf = (round: number) => new Date(START.getTime() + ((round * 53) % 360) * DAY_MS).toISOString();
const digits = (round: number) => String((round * 379) % 10_000).padStart(4, '0');
const SEARCHES: Record<string, (round: number) => string> = {
  'all, from some day back': (round) => `to=${dayOf(round)}`,
  'a queue': (round) => `queue=queue-${round % 40}`,
  'three queues': (round) => `queue=queue-${round % 40}&queue=queue-39&queue=queue-17`,
  'an agent': (round) => `agent=agent-${round * 19}`,
  'an agent’s long waits': (round) => `agent=agent-${round * 19}&minWaitMs=600000`,
  'abandoned in a queue': (round) => `outcome=abandoned&queue=queue-${round % 40}`,
  'key exits': (round) => `outcome=key_exit&to=${dayOf(round)}`,
  'key exits in a queue': (round) => `outcome=key_exit&queue=queue-${round % 40}`,
  'waits beyond a minute': (round) => `minWaitMs=60000&to=${dayOf(round)}`,
  'waits beyond five minutes': (round) => `minWaitMs=${300_000 + round}`,
  'waits beyond ten minutes': (round) => `minWaitMs=${600_000 + round}`,
  'waits beyond twenty minutes': (round) => `minWaitMs=${1_200_000 + round}`,
  'waits beyond twenty minutes in a queue': (round) => `minWaitMs=1200000&queue=queue-${round % 40}`,
  'talks below a second': (round) => `maxTalkMs=${900 + round}`,
  'talks beyond twenty minutes': (round) => `minTalkMs=${1_200_000 + round}`,
  'a number': (round) => `caller=%2B49170${1_000_000 + round}`,
  'withheld numbers': (round) => `caller=anonymous&to=${dayOf(round)}`,
  'last digits': (round) => `callerDigits=${digits(round)}`,
  'beyond the threshold in a queue': (round) => `counted=missed&queue=queue-${round % 40}`,
  'abandons of a day within the threshold': (round) =>
    `counted=abandonedWithin&startDate=${dayOf(round).slice(0, 10)}&endDate=${dayOf(round).slice(0, 10)}`,
};

const database = await startPostgres();
try {
  const url = await database.create('calls');
  const server = await startCallboard({ env: { DATABASE_URL: url } });
  const ownerSql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const api = await signIn(server.url);
    const [tenant] = await ownerSql<{ id: string }[]>`select id from tenants`;
    if (!tenant) throw new Error('there is no tenant');
    await makeVisits(ownerSql, tenant.id, VISITS, START);

    const take = async (queryOf: (round: number) => string) => {
      const took: number[] = [];
      // The first few warm what every search needs.
      for (let round = -3; round < ROUNDS; round++) {
        const began = performance.now();
        await api.get(`/api/v1/calls?${queryOf(round + 3)}`, callsAnswer.shape.data);
        if (round >= 0) took.push(performance.now() - began);
      }
      return { p50: percentile(took, 0.5), p95: percentile(took, 0.95) };
    };
    const baseline = {
      what: 'nothing by a call’s id',
      value: (await take((round) => `callId=no-${round}`)).p95,
    };
    const figures: Figure[] = [];
    for (const [what, queryOf] of Object.entries(SEARCHES)) {
      const { p50, p95 } = await take(queryOf);
      figures.push({
        what: `${what}, p95 (p50 ${p50.toFixed(1)})`,
        value: p95,
        unit: 'ms',
        baseline,
        promise: { text: `≤ ${PROMISED_MS} ms`, kept: p95 <= PROMISED_MS },
      });
    }
    report(`Searches among ${VISITS} visits`, figures);
  } finally {
    await ownerSql.end({ timeout: 5 });
    await server.dispose();
  }
} finally {
  await database.stop();
}
