import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { ensureInstalled } from './ensure-installed.mjs';
import { makeScratch } from './scratch.mjs';
import { committedSecrets, criticalHoles, loggedSecrets, sessionSettings } from './secure-checks.mjs';

/**
 * Every check of the project, one after another, to the end whatever fails; the last line is the total.
 * `npm test` runs all; `npm test -- unit db` only the suites named. A check that could not run is a skip and says why.
 */

const LINES_OF_A_FAILURE = 12;

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
ensureInstalled();

const reports = makeScratch();
// Whatever the suites and what they start keep for a while.
process.env.TMPDIR = reports;
const logs = join(reports, 'server-logs');

const suites = {
  lint: () => command('node_modules/@biomejs/biome/bin/biome', ['ci', '--colors=off', '.']),
  types: () => command('node_modules/typescript/bin/tsc', ['-p', '.']),
  'dead-code': () => command('node_modules/knip/bin/knip.js', []),
  secrets: () => check(committedSecrets()),
  'session-settings': () => check(sessionSettings()),
  audit: () => check(criticalHoles()),
  unit: () => vitest('unit'),
  db: () => vitest('db'),
  build: () => command('scripts/build.mjs', []),
  browser: () => playwright(),
  'log-secrets': () => check(loggedSecrets(logs)),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`No suite named ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}.`);
  process.exit(2);
}

const results = [];
for (const name of asked.length > 0 ? asked : Object.keys(suites)) {
  console.log(`\n── ${name}`);
  const startedAt = performance.now();
  const result = run(suites[name]);
  results.push({ name, seconds: (performance.now() - startedAt) / 1_000, ...result });
}
summarise(results);

function run(suite) {
  try {
    return suite();
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1, skips: [], failures: [String(error)] };
  }
}

/** One tool, one test: its output is shown only when it complains. */
function command(tool, args) {
  const done = spawnSync(process.execPath, [tool, ...args], { encoding: 'utf8' });
  if (done.status === 0) return { passed: 1, failed: 0, skips: [] };
  console.log(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error ?? ''}`.trim());
  return { passed: 0, failed: 1, skips: [] };
}

function check({ problems = [], skipped }) {
  if (skipped) return { passed: 0, failed: 0, skips: [skipped] };
  for (const problem of problems) console.log(problem);
  return { passed: problems.length === 0 ? 1 : 0, failed: problems.length === 0 ? 0 : 1, skips: [] };
}

function vitest(project) {
  const file = join(reports, `${project}.json`);
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--reporter=default'].concat([
      '--reporter=json',
      `--outputFile.json=${file}`,
    ]),
    { stdio: 'inherit' },
  );
  const report = read(file);
  const tests = report.testResults.flatMap((suite) => suite.assertionResults);
  // A file that cannot even be loaded holds no tests, and is a failure all the same.
  const unloaded = report.testResults.filter((s) => s.status === 'failed' && s.assertionResults.length === 0);
  const failures = [
    ...tests
      .filter((test) => test.status === 'failed')
      .map((test) => [test.fullName, ...(test.failureMessages ?? [])].join('\n')),
    ...unloaded.map((suite) => `${suite.name}\n${suite.message}`),
  ];
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: status === 0 ? failures.length : Math.max(1, failures.length),
    failures,
    skips: tests
      .filter((test) => test.status !== 'passed' && test.status !== 'failed')
      .map((t) => t.fullName),
  };
}

function playwright() {
  const file = join(reports, 'browser.json');
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'],
    {
      stdio: 'inherit',
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file, CALLBOARD_TEST_LOGS: logs },
    },
  );
  const { stats, suites: found, errors } = read(file);
  const failed = stats.unexpected + stats.flaky + (errors ?? []).length;
  return {
    passed: stats.expected,
    failed: status === 0 ? failed : Math.max(1, failed),
    failures: found.flatMap(failedSpecs),
    skips: found.flatMap(skippedSpecs),
  };
}

function skippedSpecs(suite) {
  const own = suite.specs.flatMap((spec) =>
    spec.tests
      .filter((test) => test.status === 'skipped')
      .map((test) => [spec.title, ...test.annotations.map(({ description }) => description)].join(': ')),
  );
  return [...own, ...(suite.suites ?? []).flatMap(skippedSpecs)];
}

function failedSpecs(suite) {
  const own = suite.specs
    .filter(({ ok }) => !ok)
    .map((spec) => {
      const errors = spec.tests.flatMap(({ results }) => results.flatMap((result) => result.errors ?? []));
      return [`${spec.file}: ${spec.title}`, ...errors.map(({ message }) => message)].join('\n');
    });
  return [...own, ...(suite.suites ?? []).flatMap(failedSpecs)];
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The first lines of a failure, without colours: enough to know what went wrong and where. */
function headOf(failure) {
  return stripVTControlCharacters(failure).split('\n').slice(0, LINES_OF_A_FAILURE).join('\n    ');
}

function summarise(all) {
  console.log('\n── summary');
  for (const { name, passed, failed, skips, seconds, failures = [] } of all) {
    const verdict = failed > 0 ? 'FAILED' : skips.length > 0 ? 'skips' : 'ok';
    console.log(
      `${name.padEnd(17)} ${verdict.padEnd(7)} ${passed} passed, ${failed} failed, ${skips.length} skipped  ${seconds.toFixed(1)} s`,
    );
    // Said again here, where a log cut at its end still shows it.
    for (const failure of failures) console.log(`  FAILED ${name}: ${headOf(failure)}`);
    for (const skip of skips) console.log(`  SKIPPED ${name}: ${skip}`);
  }
  const sum = (pick) => all.reduce((total, result) => total + pick(result), 0);
  const failed = sum((result) => result.failed);
  console.log(`\n${sum((r) => r.passed)} passed, ${failed} failed, ${sum((r) => r.skips.length)} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}
