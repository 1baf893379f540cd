import { spawnSync } from 'node:child_process';

/** `npm run faults` runs 200 seeds of server/faults; `npm run faults -- 17` the one that failed, again. */
const seed = process.argv[2];
if (seed !== undefined && !/^\d+$/.test(seed)) {
  console.error(`A seed is a whole number, e.g. npm run faults -- 17; this is not: ${seed}`);
  process.exit(2);
}
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'db', 'server/faults/faults.db.test.ts'],
  {
    stdio: 'inherit',
    env: { ...process.env, ...(seed ? { FAULT_SEED: seed, FAULT_SEEDS: '1' } : { FAULT_SEEDS: '200' }) },
  },
);
process.exitCode = status ?? 1;
