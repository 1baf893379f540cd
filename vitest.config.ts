import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` needs nothing but Node; `db` runs against a real PostgreSQL that one global setup starts
 * and every file clones a database from. Two workers: the smallest machine this must be green on has two cores.
 */
export default defineConfig({
  test: {
    environment: 'node',
    maxWorkers: 2,
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{shared,server,web,bench,scripts}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'db',
          // A worker loads the server once, not once a file. Files share nothing else: databases are their own, what they
          // change of the environment or the clock is put back, and no module of the server keeps state.
          isolate: false,
          include: ['server/**/*.db.test.ts'],
          globalSetup: ['server/db/testing/globalSetup.ts'],
          // A deadline against hanging, not an expectation: a loaded two-core machine is slow.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
