import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A file that is longer takes longer, except one whose tests are made by the dozen: begun last, it would be waited for alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => moduleId.endsWith('/faults.db.test.ts');
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/**
 * Two projects: `unit` needs nothing but Node; `db` runs against a real PostgreSQL that one global setup starts
 * and every file clones a database from. The smallest machine this must be green on has two cores; a third worker uses
 * them while another waits for its database or for what it broke.
 */
export default defineConfig({
  test: {
    environment: 'node',
    maxWorkers: 3,
    // So few processes for all files: to load the server anew for each is a third of their time. Each makes its own and closes it.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // A deadline, as those of tests: what is awaited comes at once, or late on a loaded machine.
    expect: { poll: { timeout: 60_000 } },
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{shared,server,web,bench,scripts}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**'],
          // Longer than whatever is waited for, so that what did not come is named.
          testTimeout: 90_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'db',
          include: ['server/**/*.db.test.ts'],
          globalSetup: ['server/db/testing/globalSetup.ts'],
          // A deadline against hanging, not an expectation: a loaded two-core machine is slow.
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
