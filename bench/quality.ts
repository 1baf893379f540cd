import { join } from 'node:path';
import type { Sql } from 'postgres';
import { duckOf } from './history/duck.ts';
import { makeFacts } from './history/facts.ts';
import { madeOnce, makeTenant, rebuild, seconds } from './history/prepared.ts';
import { takeAll, takenFigure } from './history/take.ts';
import { startPostgres } from './postgres.ts';
import { QUESTIONS } from './quality/questions.ts';
import { makeReviews } from './quality/reviews.ts';
import { REVIEWED } from './quality/scans.ts';
import { report } from './report.ts';

/**
 * What quality answers about a year of BENCH_REVIEWS (200,000) reviews over HTTP, beside DuckDB scanning the same reviews and
 * facts: other days every time, and nothing remembered. Both must answer the same. Where BENCH_DATA names a folder, what is made is
 * kept there, and found by the next run.
 */
const REVIEWS = Number(process.env.BENCH_REVIEWS ?? 200_000);
/** Of the visits six in seven are answered, and of those nearly all reviewed. */
const VISITS = Math.ceil(REVIEWS * 1.5);
const KEPT_IN = process.env.BENCH_DATA;

async function prepare(url: string, ownerSql: Sql): Promise<void> {
  const tenantId = await makeTenant(url, ownerSql);
  const began = performance.now();
  await makeFacts(ownerSql, tenantId, VISITS);
  await makeReviews(ownerSql, tenantId, REVIEWS);
  console.log(`\n${VISITS} visits and ${REVIEWS} reviews of them made in ${seconds(began)} s`);
  await rebuild(url, tenantId);
}

const database = await startPostgres(KEPT_IN);
try {
  const { url } = await madeOnce(database, `quality_${REVIEWS}`, prepare);
  const duck = await duckOf(url, REVIEWED, KEPT_IN && join(KEPT_IN, `quality_${REVIEWS}.duckdb`));
  report(`Quality of ${REVIEWS} reviews over HTTP`, (await takeAll(url, duck, QUESTIONS)).map(takenFigure));
} finally {
  await database.stop();
}
