import { join } from 'node:path';
import postgres, { type Sql } from 'postgres';
import { z } from 'zod';
import { signIn } from '../e2e/testing/api.ts';
import { startCallboard } from '../e2e/testing/server.ts';
import { expectSame } from './history/compared.ts';
import { type Duck, duckOf } from './history/duck.ts';
import { createEdge, type Edge } from './history/edge.ts';
import { makeFacts } from './history/facts.ts';
import { rebuild, seconds, untilIdle, vacuumRollUps } from './history/prepared.ts';
import { QUESTIONS, type Question } from './history/questions.ts';
import { type BenchPostgres, startPostgres } from './postgres.ts';
import { type Figure, percentile, report } from './report.ts';

/**
 * What the wall's history answers about a year of BENCH_VISITS (1,000,000) visits over HTTP, beside DuckDB scanning the same
 * facts; and how long every roll-up takes to be made from them. Each question is about other days every time, and none is
 * sent with an ETag: nothing remembered answers it. Both must answer the same. Several sizes, as in 1000000,10000000, are
 * compared with each other. Where BENCH_DATA names a folder, what is made is kept there, and found by the next run.
 */
const SIZES = (process.env.BENCH_VISITS ?? '1000000').split(',').map(Number);
const KEPT_IN = process.env.BENCH_DATA;
/** So many that neither the slowest two nor a lucky one are its p95. */
const ROUNDS = 60;
/** Of DuckDB's: it takes its time, and takes the same each time. */
const SCANS = 5;
/** The first warm connections and plans. */
const WARM = 3;
const REBUILT_WITHIN_MS = 600_000;
const TIMES_FASTER = 10;

interface Taken {
  question: Question;
  p50: number;
  p95: number;
  worst: number;
  scanned: number;
}

const answer = z.object({
  data: z.union([z.array(z.record(z.string(), z.unknown())), z.record(z.string(), z.unknown())]),
});

async function take(edge: Edge, duck: Duck, question: Question): Promise<Taken> {
  const [took, scans]: [number[], number[]] = [[], []];
  for (let round = 0; round < WARM + ROUNDS; round++) {
    const { body, ms } = await edge.get(question.path(round));
    if (round >= WARM) took.push(ms);
    if (round > SCANS) continue;
    const scanning = performance.now();
    const scanned: Record<string, unknown>[] = [];
    for (const scan of question.scans(round)) scanned.push(...(await duck.ask(scan)));
    if (round > 0) scans.push(performance.now() - scanning);
    const { data } = answer.parse(JSON.parse(body));
    expectSame(question, round, Array.isArray(data) ? data : [data], scanned);
  }
  return {
    question,
    p50: percentile(took, 0.5),
    p95: percentile(took, 0.95),
    worst: Math.max(...took),
    scanned: percentile(scans, 0.5),
  };
}

/** Every question a few times, about days no round is about: code of a server that has just started has never run. */
async function warmUp(url: string): Promise<void> {
  const edge = createEdge(url, (await signIn(url)).token);
  for (let round = WARM + ROUNDS; round < WARM + ROUNDS + WARM; round++)
    for (const question of QUESTIONS) await edge.get(question.path(round));
  edge.close();
}

/** The owner's URL of a database with so many visits, and how long making its roll-ups took; null where it was there. */
async function facts(
  database: BenchPostgres,
  visits: number,
): Promise<{ url: string; rebuiltMs: number | null }> {
  const name = `history_${visits}`;
  const found = await database.find(name);
  if (found !== null) return { url: found, rebuiltMs: null };
  // Under another name until it is whole.
  const making = `${name}_${Date.now()}`;
  const url = await database.create(making);
  const ownerSql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const rebuiltMs = await prepare(url, ownerSql, visits);
    await ownerSql.end({ timeout: 5 });
    return { url: await database.rename(making, name), rebuiltMs };
  } finally {
    await ownerSql.end({ timeout: 5 });
  }
}

/** Made before the server runs: what a leader recomputes meanwhile would be counted among it. */
async function prepare(url: string, ownerSql: Sql, visits: number): Promise<number> {
  const server = await startCallboard({ env: { DATABASE_URL: url } });
  await server.dispose();
  const [tenant] = await ownerSql<{ id: string }[]>`select id from tenants`;
  if (!tenant) throw new Error('there is no tenant');
  const began = performance.now();
  await makeFacts(ownerSql, tenant.id, visits);
  const [{ size } = { size: '' }] = await ownerSql<{ size: string }[]>`
    select pg_size_pretty(pg_database_size(current_database())) as size`;
  console.log(`\n${visits} visits made in ${seconds(began)} s, ${size}`);
  return rebuild(url, tenant.id);
}

async function measure(visits: number): Promise<Taken[]> {
  const database = await startPostgres(KEPT_IN);
  try {
    const { url, rebuiltMs } = await facts(database, visits);
    const copying = performance.now();
    const duck = await duckOf(url, KEPT_IN && join(KEPT_IN, `${visits}.duckdb`));
    console.log(`  the same facts in DuckDB after ${seconds(copying)} s`);
    const ownerSql = postgres(url, { max: 1, onnotice: () => {} });
    try {
      const server = await startCallboard({ env: { DATABASE_URL: url } });
      try {
        await vacuumRollUps(ownerSql);
        await untilIdle(ownerSql);
        await warmUp(server.url);
        const taken: Taken[] = [];
        for (const question of QUESTIONS) {
          const asking = performance.now();
          // Tokens last ten minutes.
          const edge = createEdge(server.url, (await signIn(server.url)).token);
          const one = await take(edge, duck, question);
          edge.close();
          taken.push(one);
          // One by one: a run that is ended has said what it knew.
          console.log(
            `  ${question.what}: p50 ${one.p50.toFixed(1)} ms, p95 ${one.p95.toFixed(1)} ms, at most ${one.worst.toFixed(1)} ms, DuckDB ${one.scanned.toFixed(1)} ms (${seconds(asking)} s)`,
          );
        }
        tell(visits, rebuiltMs, taken);
        return taken;
      } finally {
        await server.dispose();
      }
    } finally {
      await duck.close();
      await ownerSql.end({ timeout: 5 });
    }
  } finally {
    await database.stop();
  }
}

function tell(visits: number, rebuiltMs: number | null, taken: readonly Taken[]): void {
  const figures = taken.map(
    ({ question: { what, promisedMs }, p50, p95, scanned }): Figure => ({
      what: `${what}, p95 (p50 ${p50.toFixed(1)})`,
      value: p95,
      unit: 'ms',
      baseline: { what: 'DuckDB, p50', value: scanned },
      promise: { text: `≤ ${promisedMs} ms`, kept: p95 <= promisedMs },
    }),
  );
  const times = percentile(
    taken.map(({ p50, scanned }) => scanned / p50),
    0.5,
  );
  report(`History of ${visits} visits over HTTP`, [
    ...figures,
    {
      what: 'quicker than DuckDB, median of the questions',
      value: times,
      unit: 'times',
      promise: { text: `≥ ${TIMES_FASTER}×`, kept: times >= TIMES_FASTER },
    },
    ...(rebuiltMs === null ? [] : [rebuiltFigure(rebuiltMs)]),
  ]);
}

const rebuiltFigure = (ms: number): Figure => ({
  what: 'every roll-up made anew',
  value: ms / 1_000,
  unit: 's',
  promise: { text: `≤ ${REBUILT_WITHIN_MS / 1_000} s`, kept: ms <= REBUILT_WITHIN_MS },
});

const measured: { visits: number; taken: Taken[] }[] = [];
for (const visits of SIZES) measured.push({ visits, taken: await measure(visits) });
const [least, most] = [measured[0], measured.at(-1)];
if (least && most && least !== most) {
  const growth = percentile(
    most.taken.map(({ p50 }, i) => p50 / (least.taken[i]?.p50 ?? Number.NaN)),
    0.5,
  );
  report(`${most.visits} visits beside ${least.visits}`, [
    {
      what: 'p50, median of the questions',
      value: growth,
      unit: 'times',
      promise: { text: 'equal within 10 %', kept: growth <= 1.1 },
    },
  ]);
}
