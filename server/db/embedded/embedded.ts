import type { Logger } from 'pino';
import { type Binaries, installedBinaries, usableBinaries } from './binaries.ts';
import { openCluster, SUPERUSER } from './cluster.ts';
import { claim, pause, stopNow, stopPostmaster } from './ownership.ts';
import { findPlace } from './place.ts';
import { type Postmaster, type PostmasterOptions, StartError, startPostmaster } from './postmaster.ts';

/**
 * The PostgreSQL that comes with Callboard, on loopback, with a password, kept in DATA_DIR.
 *
 * running   → a child of ours; ended by itself → restarted on the same port, after a pause that doubles up to 10 s
 * closing   → stopped cleanly; nothing restarts it
 */
export interface Embedded {
  /** Of the superuser, to the database `postgres`. */
  url: string;
  dataDirectory: string;
  /** The server's process now. */
  pid(): number;
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  log: Logger;
  /** Server settings beyond ours, for tests that need no durability. */
  settings?: Record<string, string>;
  /** Other binaries than those npm installed: the tests of older PostgreSQL versions. */
  binaries?: Binaries;
}

const ATTEMPTS = 5;

export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { log, dataDir } = options;
  const installed = options.binaries ?? (await installedBinaries());
  const place = await findPlace(dataDir, log);
  const { home: binaries, isCopy } = await usableBinaries(installed, place.user, place.copies);
  if (isCopy) log.info({ binaries }, 'embedded:copied PostgreSQL runs from a copy its user can reach');
  const cluster = await openCluster(place, binaries, installed.major);
  const start = {
    cluster,
    binaries,
    user: place.user,
    port: 0,
    settings: options.settings ?? {},
    log,
  };

  let running = await startOwned(start);
  let isClosing = false;
  const supervising = supervise(running);
  // A process that ends without closing, by an exception nobody caught, leaves no PostgreSQL behind either.
  const stopAtExit = () => stopNow(running.pid);
  process.once('exit', stopAtExit);
  log.info(
    {
      postgres: running.pid,
      port: running.port,
      dataDirectory: cluster.dataDirectory,
      user: place.user?.name,
    },
    'embedded:started',
  );

  /** A database that dies comes back by itself; the pools above reconnect. */
  async function supervise(first: Postmaster): Promise<void> {
    let current = first;
    for (let wait = 100; ; wait = Math.min(wait * 2, 10_000)) {
      await current.ended;
      if (isClosing) return;
      log.error({ postgres: current.pid }, 'embedded:ended unexpectedly; restarting');
      // A service manager that stops everything at once stops PostgreSQL, too: we may be about to close.
      await pause(wait);
      if (isClosing) return;
      const restarted = await startPostmaster({ ...start, port: first.port }).catch((error: Error) => {
        log.error({ err: error }, 'embedded:restart-failed');
        return null;
      });
      if (restarted === null) continue;
      current = restarted;
      running = restarted;
      wait = 100;
      if (isClosing) await stopPostmaster(restarted.pid);
    }
  }

  return {
    url: `postgres://${SUPERUSER}:${encodeURIComponent(cluster.password)}@127.0.0.1:${running.port}/postgres`,
    dataDirectory: cluster.dataDirectory,
    pid: () => running.pid,
    async close() {
      isClosing = true;
      await stopPostmaster(running.pid);
      await supervising;
      process.off('exit', stopAtExit);
      log.info('embedded:stopped');
    },
  };
}

/** Claims the data directory and starts; again when somebody else was faster with the port or the lock. */
async function startOwned(options: PostmasterOptions): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    await claim(options.cluster.dataDirectory, options.log);
    try {
      return await startPostmaster(options);
    } catch (error) {
      const canRetry = error instanceof StartError && error.reason !== 'other';
      if (!canRetry || attempt === ATTEMPTS) throw error;
      await pause(100 * attempt);
    }
  }
}
