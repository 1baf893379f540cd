import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';

/** `npm start`: installs what is missing, builds what is stale, and runs the server until it is told to stop. */

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist/web/.built-from');

process.chdir(root);
ensureInstalled();
buildIfStale();
run();

/** The wall is built again when any file it is made from is another than at the last build. */
function buildIfStale() {
  const sources = fingerprint();
  if (read(stamp) === sources) return;
  console.log('Building the wall …');
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
    {
      stdio: 'inherit',
    },
  );
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, sources);
}

function fingerprint() {
  const files = ['package-lock.json', 'vite.config.ts', ...filesIn('web'), ...filesIn('shared')];
  return files
    .map(
      (file) =>
        `${file} ${statSync(join(root, file)).size} ${Math.floor(statSync(join(root, file)).mtimeMs)}`,
    )
    .join('\n');
}

function filesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    )
    .filter((file) => !file.includes('.test.'))
    .sort();
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Ctrl-C reaches the server through the terminal, SIGTERM through us; its exit code becomes ours. */
function run() {
  const server = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], { stdio: 'inherit' });
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => server.kill('SIGTERM'));
  server.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)));
}
