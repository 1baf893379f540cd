import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

/** Where the packaged Chromium is unpacked: inside the checkout, so that two users of one machine never share it. */
const UNPACKED = join(import.meta.dirname, '../../node_modules/.cache/callboard-chromium');

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Nothing a test does may leave the machine, and Chromium as root does not start inside its sandbox. */
const FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** The first browser that runs: the system's Chromium or Chrome, Playwright's, the one inside @sparticuz/chromium. */
export async function findBrowser(): Promise<{ executablePath: string; args: string[] }> {
  const candidates = [...systemBrowsers(), chromium.executablePath()];
  const found = candidates.find((path) => existsSync(path) && runs(path)) ?? (await unpack());
  return { executablePath: found, args: FLAGS };
}

function systemBrowsers(): string[] {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  return SYSTEM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function runs(path: string): boolean {
  return spawnSync(path, ['--version'], { timeout: 20_000 }).status === 0;
}

async function unpack(): Promise<string> {
  const target = join(UNPACKED, 'chromium');
  // A half-written binary of an interrupted run exists but does not start; the package would hand it out for ever.
  if (existsSync(target) && !runs(target)) rmSync(UNPACKED, { recursive: true });
  mkdirSync(UNPACKED, { recursive: true });
  // The package carries the libraries a bare system lacks, and unpacks them only where it believes to be on Lambda.
  if (!hasNss()) process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x';
  const before = process.env.TMPDIR;
  process.env.TMPDIR = UNPACKED;
  try {
    const packaged = await import('@sparticuz/chromium');
    return await packaged.default.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

function hasNss(): boolean {
  return spawnSync('ldconfig', ['-p'], { encoding: 'utf8' }).stdout?.includes('libnss3.so') ?? false;
}
