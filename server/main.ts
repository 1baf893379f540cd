import { join } from 'node:path';
import pino from 'pino';
import { Registry } from 'prom-client';
import { createAccess } from './access/access.ts';
import { createPasswords } from './access/sessions/passwords.ts';
import { buildApp } from './app.ts';
import { chores } from './chores.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { openDatabase } from './db/connect.ts';
import { createHistory } from './history/history.ts';
import { pageBuild } from './http/webPages.ts';
import { createIngest } from './ingest/ingest.ts';
import { createDemo } from './ingest/simulator/demo.ts';
import { createLive } from './live/live.ts';
import { createLinkPost } from './mail/linkPost.ts';
import { createMailer } from './mail/mailer.ts';
import { ensureFirstAdministrator } from './platform/firstAdministrator.ts';
import { openSetup } from './platform/setup.ts';
import { startSweeper } from './platform/sweeper.ts';
import { WEB_ROOT } from './root.ts';

/**
 * The server: configuration, database, parts, listen; and all of it backwards on SIGTERM or SIGINT, at whatever point
 * of starting they come. What people read goes to stdout, the log as JSON to stderr.
 */

/** Closing must end: connections are cut and PostgreSQL is stopped well within this, or something hangs. */
const CLOSE_WITHIN_MS = 15_000;
/** History reads a whole day before it goes on with it, on the same core: numbers on walls are first, but not for ever. */
const LIVE_FIRST_MS = 60_000;

const config = readConfig();
const log = pino(
  {
    level: config.logLevel,
    redact: ['req.headers.authorization', 'req.headers.cookie', 'password', 'token'],
  },
  pino.destination({ dest: 2, sync: true }),
);
const closers: (() => Promise<unknown>)[] = [];
let closing: Promise<void> | null = null;
/** What is being started, or was last. */
let step: Promise<unknown> | null = null;

process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGINT', () => stop('SIGINT'));
// A defect we did not foresee: what is in memory can no longer be trusted, what is in the log can.
process.on('uncaughtException', (error) => fail(error, 'server:crashed'));

try {
  await start(config);
} catch (error) {
  if (closing === null) fail(error, 'server:not_started');
}

async function start({ dataDir, port, host, basePath }: Config): Promise<void> {
  const { databaseUrl, directDatabaseUrl } = config;
  const db = await started(openDatabase({ databaseUrl, directDatabaseUrl, dataDir, log }));
  const passwords = createPasswords();
  const { adminEmail: email, adminPassword: password } = config;
  if (email !== null && password !== null) {
    await ensureFirstAdministrator({ db, config, given: { email, password }, passwords, log });
  }
  const setup = await openSetup({ db, config, passwords, log, onFinished: () => onSetUp() });
  const registry = new Registry();
  const mailer = config.mail && createMailer({ config: config.mail, log });
  const post = createLinkPost(mailer, config.publicUrl);
  const access = await started(createAccess({ db, config, log, passwords, post }));
  let beginHistory = (): void => {};
  const begins = new Promise<void>((resolve) => {
    beginHistory = resolve;
  });
  const history = await started(
    createHistory({ db, log, registry, chores: chores(config, registry), begins }),
  );
  const live = await started(
    createLive({
      db,
      log,
      registry,
      access,
      config,
      build: pageBuild(WEB_ROOT),
      caps: config.socketCaps,
      onLogGrown: history.wake,
    }),
  );
  const ingest = await started(
    createIngest({ db, log, registry, onWriting: live.writing, eventMonths: config.eventRetentionMonths }),
  );
  const demo = config.demo ? await started(createDemo({ config, db, ingest, live, log })) : null;
  const beginDemo = (): void => {
    demo?.begin().catch((error: unknown) => log.error({ err: error }, 'demo:not_begun'));
  };
  const sweeper = await started(startSweeper({ db, log }));
  const onSetUp = (): void => {
    beginDemo();
    sweeper.wake();
  };
  const app = await started(
    buildApp({ config, log, db, access, ingest, live, history, setup, sweeper, registry }),
  );
  await app.listen({ port, host });
  if (closing !== null) return;
  void live.caughtUp(LIVE_FIRST_MS).then(beginHistory);
  const address = app.server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  // Listening everywhere is no address to go to.
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  welcome(`${config.publicUrl ?? `http://${name}:${actualPort}${basePath}`}/`, setup.token);
  log.info({ host, port: actualPort, version: process.version }, 'server:listening');
  beginDemo();
}

/** A part that runs is closed when we stop, also when that is decided while it starts. */
async function started<T extends { close(): Promise<unknown> }>(starting: T | Promise<T>): Promise<T> {
  const running = Promise.resolve(starting).then((part) => {
    closers.push(() => part.close());
    return part;
  });
  step = running;
  const part = await running;
  // Nothing more is started: `stop` ends the process.
  if (closing !== null) await new Promise(() => {});
  return part;
}

function stop(reason: string): void {
  if (closing !== null) return;
  log.info({ reason }, 'server:stopping');
  // A database that is just starting is waited for, or nobody would stop it.
  closing = Promise.resolve(step)
    .catch(() => {})
    .then(close)
    .then(() => process.exit(0));
}

async function close(): Promise<void> {
  setTimeout(() => {
    log.error('server:close_timed_out');
    process.exit(1);
  }, CLOSE_WITHIN_MS).unref();
  for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) {
    await closer().catch((error: unknown) => log.error({ err: error }, 'server:close_failed'));
  }
}

function fail(error: unknown, event: string): void {
  log.fatal({ err: error }, event);
  console.error(`\nCallboard stopped: ${error instanceof Error ? error.message : String(error)}`);
  closing ??= close().then(() => process.exit(1));
}

function readConfig(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

function welcome(url: string, setupToken: string | null): void {
  const signIn =
    config.adminEmail === null
      ? ['  Sign in with the e-mail and password chosen when it was set up.']
      : [`  Sign in as ${config.adminEmail}`, '  with the password of ADMIN_PASSWORD.'];
  const lines = [
    '',
    `  Callboard runs at ${url}`,
    ...(setupToken === null
      ? signIn
      : ['', '  Open this to set up Callboard:', `  ${url}#/setup/${setupToken}`, '']),
    `  API        ${url}docs/`,
    `  Data       ${join(config.dataDir)}`,
    '',
    '  Ctrl-C stops it.',
    '',
  ];
  console.log(lines.join('\n'));
}
