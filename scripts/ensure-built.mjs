import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What is built, and of what. The lock file stands for every package in it. */
const BUILDS = [
  { what: 'page', made: 'dist/web/index.html', sources: ['web', 'shared'], args: [] },
  {
    what: 'server',
    made: 'dist/server/main.js',
    sources: ['server', 'shared'],
    args: ['--ssr', 'server/main.ts'],
  },
];

/**
 * Builds what is absent or made of something else. Told by content: times of files change with every checkout, and a
 * deleted file leaves none. The stamp is written last, so a build that failed is repeated. `anyway` builds all.
 */
export function ensureBuilt({ anyway = false } = {}) {
  for (const { what, made, sources, args } of BUILDS) {
    const stamp = join(root, `dist/${what}.stamp`);
    const wanted = fingerprint([...sources, 'vite.config.ts', 'package-lock.json']);
    if (!anyway && existsSync(join(root, made)) && read(stamp) === wanted) continue;
    console.log(`Building the ${what} (vite build) …`);
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn', ...args], {
      cwd: root,
      stdio: 'inherit',
    });
    if (status !== 0) {
      console.error(`The ${what} could not be built: see above.`);
      process.exit(status ?? 1);
    }
    writeFileSync(stamp, wanted);
  }
}

function fingerprint(sources) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesOf(source)) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function filesOf(source) {
  if (/\.\w+$/.test(source)) return [source];
  return readdirSync(join(root, source), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
