import postgres from 'postgres';
import { z } from 'zod';
import { signIn } from '../../e2e/testing/api.ts';
import { startCallboard } from '../../e2e/testing/server.ts';
import { type Figure, percentile } from '../report.ts';
import { expectSame } from './compared.ts';
import type { Duck } from './duck.ts';
import { createEdge, type Edge } from './edge.ts';
import { seconds, untilIdle, vacuumRollUps } from './prepared.ts';
import type { Question } from './questions.ts';

/** So many that neither the slowest two nor a lucky one are its p95. */
const ROUNDS = 60;
/** Of DuckDB's: it takes its time, and takes the same each time. */
const SCANS = 5;
/** The first warm connections and plans, and are held against DuckDB, after whose scans no cache holds anything of ours: not counted. */
const WARM = SCANS + 1;

/** How long a question took, in ms: Callboard over HTTP, and DuckDB (p50). */
export interface Taken {
  question: Question;
  p50: number;
  p95: number;
  worst: number;
  scanned: number;
}

/**
 * Asks a server on the database of `url`, the owner's, and DuckDB one question after the other, and says what each took. Throws where
 * they answer differently. Closes DuckDB.
 */
export async function takeAll(url: string, duck: Duck, questions: readonly Question[]): Promise<Taken[]> {
  const ownerSql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const server = await startCallboard({ env: { DATABASE_URL: url } });
    try {
      await vacuumRollUps(ownerSql);
      await untilIdle(ownerSql);
      await warmUp(server.url, questions);
      const taken: Taken[] = [];
      for (const question of questions) {
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
      return taken;
    } finally {
      await server.dispose();
    }
  } finally {
    await duck.close();
    await ownerSql.end({ timeout: 5 });
  }
}

/** Every question a few times, about days no round is about: code of a server that has just started has never run. */
async function warmUp(url: string, questions: readonly Question[]): Promise<void> {
  const edge = createEdge(url, (await signIn(url)).token);
  for (let round = WARM + ROUNDS; round < WARM + ROUNDS + WARM; round++)
    for (const question of questions) await edge.get(question.path(round));
  edge.close();
}

const row = z.record(z.string(), z.unknown());
const answer = z.object({ data: z.union([z.array(row), row]) });

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
    const rows = Array.isArray(data) ? data : [data];
    expectSame(question, round, rows.flatMap(question.parts ?? ((whole) => [whole])), scanned);
  }
  return {
    question,
    p50: percentile(took, 0.5),
    p95: percentile(took, 0.95),
    worst: Math.max(...took),
    scanned: percentile(scans, 0.5),
  };
}

export function takenFigure({ question: { what, promisedMs }, p50, p95, scanned }: Taken): Figure {
  return {
    what: `${what}, p95 (p50 ${p50.toFixed(1)})`,
    value: p95,
    unit: 'ms',
    baseline: { what: 'DuckDB, p50', value: scanned },
    promise: { text: `≤ ${promisedMs} ms`, kept: p95 <= promisedMs },
  };
}
