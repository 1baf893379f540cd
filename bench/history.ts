import { join } from 'node:path';
import type { Sql } from 'postgres';
import { duckOf, FACTS } from './history/duck.ts';
import { makeFacts } from './history/facts.ts';
import { madeOnce, makeTenant, rebuild, seconds } from './history/prepared.ts';
import { QUESTIONS } from './history/questions.ts';
import { type Taken, takeAll, takenFigure } from './history/take.ts';
import { startPostgres } from './postgres.ts';
import { type Figure, percentile, report } from './report.ts';

/**
 * What the wall's history answers about a year of BENCH_VISITS (1,000,000) visits over HTTP, beside DuckDB scanning the same
 * facts; and how long every roll-up takes to be made from them. Each question is about other days every time, and none is
 * sent with an ETag: nothing remembered answers it. Both must answer the same. Several sizes, as in 1000000,10000000, are
 * compared with each other. Where BENCH_DATA names a folder, what is made is kept there, and found by the next run.
 */
const SIZES = (process.env.BENCH_VISITS ?? '1000000').split(',').map(Number);
const KEPT_IN = process.env.BENCH_DATA;
const REBUILT_WITHIN_MS = 600_000;
const TIMES_FASTER = 10;

/** How long its roll-ups took is what it returns, in ms. */
async function prepare(url: string, ownerSql: Sql, visits: number): Promise<number> {
  const tenantId = await makeTenant(url, ownerSql);
  const began = performance.now();
  await makeFacts(ownerSql, tenantId, visits);
  const [{ size } = { size: '' }] = await ownerSql<{ size: string }[]>`
    select pg_size_pretty(pg_database_size(current_database())) as size`;
  console.log(`\n${visits} visits made in ${seconds(began)} s, ${size}`);
  return rebuild(url, tenantId);
}

async function measure(visits: number): Promise<Taken[]> {
  const database = await startPostgres(KEPT_IN);
  try {
    const { url, made: rebuiltMs } = await madeOnce(database, `history_${visits}`, (url, ownerSql) =>
      prepare(url, ownerSql, visits),
    );
    const copying = performance.now();
    const duck = await duckOf(url, FACTS, KEPT_IN && join(KEPT_IN, `${visits}.duckdb`));
    console.log(`  the same facts in DuckDB after ${seconds(copying)} s`);
    const taken = await takeAll(url, duck, QUESTIONS);
    tell(visits, rebuiltMs, taken);
    return taken;
  } finally {
    await database.stop();
  }
}

function tell(visits: number, rebuiltMs: number | null, taken: readonly Taken[]): void {
  const times = percentile(
    taken.map(({ p50, scanned }) => scanned / p50),
    0.5,
  );
  report(`History of ${visits} visits over HTTP`, [
    ...taken.map(takenFigure),
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
