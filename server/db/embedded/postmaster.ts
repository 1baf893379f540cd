import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Logger } from 'pino';
import { type Cluster, serverEnvironment } from './cluster.ts';
import { credentials, type OsUser } from './osUser.ts';
import { isReady, pause, starterArgument } from './ownership.ts';

/** A running server process, our child. */
export interface Postmaster {
  pid: number;
  port: number;
  /** Resolves when the process has ended, for whatever reason. */
  ended: Promise<void>;
}

export interface PostmasterOptions {
  cluster: Cluster;
  binaries: string;
  user: OsUser | null;
  /** Wanted again after a crash, so that connection strings stay right; 0 for any free one. */
  port: number;
  settings: Record<string, string>;
  log: Logger;
}

/** What went wrong at a start, by what PostgreSQL says about it. */
export class StartError extends Error {
  constructor(
    readonly reason: 'locked' | 'port taken' | 'other',
    message: string,
  ) {
    super(message);
  }
}

/** Recovering a large log after a power cut takes long; a server that is silent for this long will not come. */
const START_PATIENCE_MS = 10 * 60_000;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // A socket would need a directory that both users can reach; loopback and a password are enough.
  unix_socket_directories: '',
  max_connections: '60',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_line_prefix: '',
  // A minute of compiling for queries of milliseconds, at the estimates of a young database.
  jit: 'off',
};

export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const port = options.port || (await freePort());
  const settings = Object.entries({ ...SETTINGS, ...options.settings, port: String(port) });
  const child = spawn(
    join(options.binaries, 'bin', 'postgres'),
    ['-D', options.cluster.dataDirectory, '-c', starterArgument()].concat(
      settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ),
    {
      cwd: options.cluster.dataDirectory,
      env: serverEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      // A session of its own: Ctrl-C reaches us alone, and the database outlives the last request.
      detached: true,
      ...credentials(options.user),
    },
  );
  const said = relayLog(child, options.log);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const pid = await becomeReady(child, options.cluster.dataDirectory, said);
  return { pid, port, ended };
}

async function becomeReady(child: ChildProcess, dataDirectory: string, said: string[]): Promise<number> {
  const { pid } = child;
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  const deadline = Date.now() + START_PATIENCE_MS;
  while (pid !== undefined && child.exitCode === null && child.signalCode === null && failure === null) {
    if (await isReady(dataDirectory, pid)) return pid;
    if (Date.now() > deadline) child.kill('SIGQUIT');
    await pause();
  }
  // The last lines arrive with the end of the pipe, after the exit.
  if (pid !== undefined && !child.stderr?.readableEnded) {
    await new Promise((resolve) => child.stderr?.once('end', resolve).once('close', resolve));
  }
  throw startError(`${said.join(' ')}${failure ? String(failure) : ''}`);
}

function startError(said: string): StartError {
  if (/lock file "postmaster\.pid" already exists|shared memory block .* still in use/.test(said)) {
    return new StartError('locked', `The data directory is in use by another PostgreSQL: ${said}`);
  }
  if (/could not bind|could not create any TCP/.test(said)) {
    return new StartError('port taken', `PostgreSQL got no port: ${said}`);
  }
  return new StartError('other', `PostgreSQL did not start: ${said || 'it said nothing'}`);
}

/** Passes PostgreSQL's messages on, and keeps the last few for an error message. */
function relayLog(child: ChildProcess, log: Logger): string[] {
  const last: string[] = [];
  if (!child.stderr) return last;
  createInterface({ input: child.stderr }).on('line', (line) => {
    last.push(line);
    if (last.length > 8) last.shift();
    // Starting, stopping and recovering are its LOG lines; what needs a person says more.
    if (/^(WARNING|ERROR|FATAL|PANIC):/.test(line)) log.warn({ line }, 'embedded:said');
    else log.debug({ line }, 'embedded:said');
  });
  return last;
}

/** The system's choice; it may be taken again before PostgreSQL binds it, so a start is tried more than once. */
async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}
