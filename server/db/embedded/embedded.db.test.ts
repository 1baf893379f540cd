import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import postgres from 'postgres';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase } from '../connect.ts';
import { binariesOf, installedBinaries, usableBinaries } from './binaries.ts';
import { type Embedded, startEmbedded } from './embedded.ts';
import { databaseUser, isRoot, reaches } from './osUser.ts';
import { exists } from './processes.ts';

const log = pino({ level: 'silent' });
const STARTER = fileURLToPath(new URL('../testing/embeddedProcess.ts', import.meta.url));

let dataDir: string;
beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'callboard-embedded-'));
  await chmod(root, 0o755);
  dataDir = join(root, 'data');
  onTestFinished(() => rm(root, { recursive: true, force: true }));
});

async function start(): Promise<Embedded> {
  const embedded = await startEmbedded({ dataDir, log });
  onTestFinished(() => embedded.close());
  return embedded;
}

/** A Callboard of its own, to be killed; answers once its database is up. */
async function startElsewhere(
  ...how: 'crash'[]
): Promise<{ process: ChildProcess; url: string; pid: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', STARTER, dataDir, ...how], {
    stdio: ['ignore', 'pipe', how.length > 0 ? 'ignore' : 'inherit'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, pid } = JSON.parse(line);
    return { process: child, url, pid };
  }
  throw new Error('the other process did not start');
}

async function query<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

const remember = (url: string) =>
  query(url, (sql) => sql`create table remembered as select 'kept' as word`.then(() => undefined));
const recall = (url: string) =>
  query(url, (sql) => sql`select word from remembered`).then(([row]) => row?.word);

describe('starting and stopping', () => {
  it('makes the data on the first start and finds it on later ones, and a clean stop leaves no process and no lock', async () => {
    const first = await start();
    await remember(first.url);
    const [row] = await query(
      first.url,
      (sql) => sql`
      select current_setting('server_version') like '18.%' as latest,
        current_setting('listen_addresses') as addresses, current_setting('password_encryption') as passwords`,
    );
    expect(row).toEqual({ latest: true, addresses: '127.0.0.1', passwords: 'scram-sha-256' });
    const pid = first.pid();
    await first.close();
    expect(exists(pid)).toBe(false);
    expect(existsSync(join(first.dataDirectory, 'postmaster.pid'))).toBe(false);
    const second = await start();
    expect(await recall(second.url)).toBe('kept');
  });

  it('asks for its password, which no other user can read', async () => {
    const { url, dataDirectory } = await start();
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, (sql) => sql`select 1`)).rejects.toThrow('password authentication failed');
    const { mode } = await stat(join(dirname(dataDirectory), 'password'));
    expect(mode & 0o077).toBe(0);
  });

  it('is opened, migrated and entered as the runtime role', async () => {
    const options = { databaseUrl: null, directDatabaseUrl: null, dataDir, log };
    const db = await openDatabase(options);
    const tenant = '0d000000-0000-4000-8000-000000000004';
    await db.sql`select create_tenant(${tenant}, 'T', 't', 'UTC')`;
    await db.close();
    const again = await openDatabase(options);
    expect(await again.sql`select current_user as role, tenant_ids() as id`).toEqual([
      { role: 'callboard_app', id: tenant },
    ]);
    await again.close();
  });

  it('refuses data of another PostgreSQL with a sentence', async () => {
    const { dataDirectory, close } = await start();
    await close();
    await writeFile(join(dataDirectory, 'PG_VERSION'), '13\n');
    await expect(startEmbedded({ dataDir, log })).rejects.toThrow('made by PostgreSQL 13');
  });
});

describe('after something was killed', () => {
  it('stops the PostgreSQL of a killed Callboard and starts again with everything committed', async () => {
    const other = await startElsewhere();
    await remember(other.url);
    other.process.kill('SIGKILL');
    await once(other.process, 'exit');
    expect(exists(other.pid)).toBe(true);
    const again = await start();
    expect(exists(other.pid)).toBe(false);
    expect(await recall(again.url)).toBe('kept');
  });

  it('leaves no PostgreSQL behind when the process ends by an exception nobody caught', async () => {
    const other = await startElsewhere('crash');
    await once(other.process, 'exit');
    await vi.waitFor(() => expect(exists(other.pid)).toBe(false), { timeout: 30_000 });
  });

  it('recovers when both were killed and the lock is stale', async () => {
    const other = await startElsewhere();
    await remember(other.url);
    other.process.kill('SIGKILL');
    process.kill(other.pid, 'SIGKILL');
    await vi.waitFor(() => expect(exists(other.pid)).toBe(false), { timeout: 30_000 });
    const again = await start();
    expect(await recall(again.url)).toBe('kept');
  });

  it('is not kept out by a lock whose process id now belongs to another program', async () => {
    const first = await start();
    await remember(first.url);
    const lock = join(first.dataDirectory, 'postmaster.pid');
    const [, ...rest] = (await readFile(lock, 'utf8')).split('\n');
    await first.close();
    await writeFile(lock, [process.pid, ...rest].join('\n'));
    const again = await start();
    expect(await recall(again.url)).toBe('kept');
  });

  it('comes back on the same address when PostgreSQL itself dies', async () => {
    const embedded = await start();
    await remember(embedded.url);
    const pid = embedded.pid();
    process.kill(pid, 'SIGKILL');
    // Until we hear of its end, what it had forked may still answer.
    await vi.waitFor(() => expect(embedded.pid()).not.toBe(pid), { timeout: 30_000 });
    await vi.waitFor(async () => expect(await recall(embedded.url)).toBe('kept'), { timeout: 30_000 });
  });
});

describe('one Callboard a data directory', () => {
  it('refuses a second start with a sentence that names the first, which goes on', async () => {
    const other = await startElsewhere();
    await expect(startEmbedded({ dataDir, log })).rejects.toThrow(
      `Another Callboard (process ${other.process.pid}) is running on`,
    );
    await remember(other.url);
  });

  it('of two first starts at once one serves and one is refused', async () => {
    const starts = await Promise.allSettled([start(), start()]);
    const refused = starts.filter((one) => one.status === 'rejected');
    expect(refused.map((one) => String(one.reason))).toEqual([expect.stringContaining('Another Callboard')]);
  });
});

describe('where it lives', () => {
  it('makes the symlinks that npm left out', async () => {
    const { home } = await copyOfBinaries();
    const usable = await usableBinaries(await binariesOf(home), databaseUser(), join(dataDir, 'copies'));
    expect(usable).toEqual({ home, isCopy: false });
    expect(existsSync(join(home, 'lib', process.platform === 'darwin' ? 'libpq.dylib' : 'libpq.so'))).toBe(
      true,
    );
  });

  it.runIf(isRoot())('copies binaries that its user cannot reach, complete and runnable', async () => {
    const { home, closed } = await copyOfBinaries();
    await chmod(closed, 0o700);
    const user = databaseUser();
    const copies = join(dirname(dataDir), 'copies');
    const usable = await usableBinaries(await binariesOf(home), user, copies);
    expect(usable.isCopy).toBe(true);
    expect(reaches(user, join(usable.home, 'bin', 'postgres'), 'x')).toBe(true);
    expect(existsSync(join(usable.home, 'lib', 'libpq.so'))).toBe(true);
    const embedded = await startEmbedded({
      dataDir,
      log,
      binaries: { ...(await binariesOf(home)), home: usable.home },
    });
    await embedded.close();
  });

  it.runIf(isRoot())(
    'keeps the data elsewhere under a directory closed to its user, says so, and finds it again',
    async () => {
      await mkdir(dataDir, { mode: 0o700 });
      const said: string[] = [];
      const listening = pino({ level: 'warn' }, { write: (line: string) => said.push(line) });
      const first = await startEmbedded({ dataDir, log: listening });
      onTestFinished(() => rm(dirname(first.dataDirectory), { recursive: true, force: true }));
      await remember(first.url);
      await first.close();
      expect(first.dataDirectory.startsWith('/var/lib/callboard/')).toBe(true);
      expect(said.join()).toContain(`the database is kept in ${dirname(first.dataDirectory)}`);
      expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
      // Open by now, but what was made stays where it is.
      await chmod(dataDir, 0o755);
      const again = await start();
      expect(again.dataDirectory).toBe(first.dataDirectory);
      expect(await recall(again.url)).toBe('kept');
    },
  );

  /** The npm package below a directory that can be closed, without its symlinks, as npm unpacks it. */
  async function copyOfBinaries(): Promise<{ home: string; closed: string }> {
    const { home } = await installedBinaries();
    const closed = join(dirname(dataDir), 'closed');
    const copy = join(closed, 'package');
    const links: { target: string }[] = JSON.parse(await readFile(join(home, 'pg-symlinks.json'), 'utf8'));
    await cp(dirname(home), copy, { recursive: true, verbatimSymlinks: true });
    for (const { target } of links) await rm(join(copy, target));
    return { home: join(copy, 'native'), closed };
  }
});
