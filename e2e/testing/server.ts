import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ADMIN } from './administrator.ts';
import { preparedData } from './preparedData.ts';

const ROOT = join(import.meta.dirname, '../..');

export { ADMIN };

export interface Callboard {
  url: string;
  dataDir: string;
  /** Everything the server wrote so far. */
  output(): string;
  /** SIGTERM, as a service manager stops it; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL of the server process alone: its PostgreSQL is left running, as after a crash. */
  kill(): Promise<void>;
  /** Stops it if it still runs and deletes its data. */
  dispose(): Promise<void>;
}

/**
 * Starts the real server as `npm start` does, from its build, on a free port with data of its own (or `dataDir`, to start again
 * on what another left), and resolves once it says it is ready.
 */
export async function startCallboard(
  options: { dataDir?: string; port?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Callboard> {
  const isSetUp = options.env?.ADMIN_EMAIL !== '' && options.env?.DATABASE_URL === undefined;
  const zone = options.env?.TENANT_TIME_ZONE ?? 'UTC';
  const dataDir = options.dataDir ?? preparedData(isSetUp ? zone : null);
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/server/main.js'], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(port),
      DATA_DIR: dataDir,
      DEMO: 'off',
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      TENANT_NAME: 'Acme',
      TENANT_TIME_ZONE: 'UTC',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Whoever started it may be ended by a signal: it is not left behind.
  const stopAtExit = () => child.kill('SIGTERM');
  process.once('exit', stopAtExit);
  child.once('exit', () => process.off('exit', stopAtExit));
  const output = record(child, port);
  await untilReady(url, child, output);

  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  return {
    url,
    dataDir,
    output,
    stop,
    async kill() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
    async dispose() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Collects what the server writes, and keeps a copy for the check that no secret is ever logged. */
function record(child: ChildProcess, port: number): () => string {
  let text = '';
  const folder = process.env.CALLBOARD_TEST_LOGS;
  if (folder) mkdirSync(folder, { recursive: true });
  const take = (chunk: Buffer): void => {
    text += chunk.toString();
    if (folder) appendFileSync(join(folder, `${port}-${child.pid}.log`), chunk);
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  return () => text;
}

async function untilReady(url: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const ready = await fetch(`${url}/readyz`).catch(() => null);
    if (ready?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`The server did not become ready. It wrote:\n${output()}`);
}

/** A port nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('No free port was given.');
  return address.port;
}
