import { afterAll, afterEach, beforeEach, describe, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { runChaos } from './chaos.ts';

/** `npm run faults` asks for more seeds, or for one again. */
const SEEDS = Number(process.env.FAULT_SEEDS ?? 20);
const FIRST = Number(process.env.FAULT_SEED ?? 1);
const FAULTS = 8;

describe('whatever breaks on the way', () => {
  let test: TestDatabase;
  beforeEach(async () => {
    test = await createTestDatabase();
  });
  // Pools whose connections were killed end after some seconds only: the next seed need not wait for that.
  const closing: Promise<void>[] = [];
  afterEach(() => void closing.push(test.close()));
  afterAll(async () => void (await Promise.all(closing)));

  it.each(Array.from({ length: SEEDS }, (_, at) => FIRST + at))(
    '[L1] [L2] [L3] [L15] the final live state equals a recount from the table, seed %i',
    (seed) => runChaos(test, { seed, faults: FAULTS, closing }),
  );
});
