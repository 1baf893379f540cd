import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ensureBuilt } from '../scripts/ensure-built.mjs';

/**
 * `npm run bench` takes every figure, `npm run bench -- latency idle` the ones named. Each in a process of its own, so
 * that none inherits another's heap, and within a bound, so that a hanging one does not hide the rest.
 */
const FIGURES = [
  'latency',
  'throughput',
  'ingest',
  'evolve',
  'restart',
  'fanout',
  'idle',
  'demo',
  'page',
  'authorisation',
  'neighbours',
  'pairing',
  'revocation',
  'returning',
  'calls',
  'history',
  'quality',
  'projector',
  'audit',
  'desk',
];
/** Long runs, as `history` of ten million visits, are given more. */
const LIMIT_MS = Number(process.env.BENCH_MINUTES ?? 10) * 60_000;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !FIGURES.includes(name));
if (unknown.length > 0) {
  console.error(`No figure named ${unknown.join(', ')}. There are: ${FIGURES.join(', ')}.`);
  process.exit(2);
}

ensureBuilt();
let running: ChildProcess | undefined;
let isOver = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    isOver = true;
    running?.kill(signal);
  });
for (const name of asked.length > 0 ? asked : FIGURES) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, `${name}.ts`)], {
    stdio: 'inherit',
  });
  running = child;
  const limit = setTimeout(() => child.kill('SIGTERM'), LIMIT_MS);
  const [code] = await once(child, 'exit');
  clearTimeout(limit);
  if (code !== 0) {
    console.error(`\n${name}: no figure, the measurement failed (${code ?? 'took too long'})`);
    process.exitCode = 1;
  }
  if (isOver) break;
}
