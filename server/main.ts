import { pino } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createAccess } from './access/access.ts';
import { createFirstAdministrator, hasAccounts } from './access/firstAdministrator.ts';
import { buildApp } from './app.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { type Database, openDatabase } from './db/connect.ts';
import { createIngest } from './ingest/ingest.ts';
import { keptSecret, typeablePassword } from './keptSecret.ts';
import { createLive } from './live/live.ts';

/**
 * Configuration → database → parts → listen; closes in reverse. What people read goes to standard output, the log
 * (JSON, one line each) to standard error.
 */

/** A service manager kills after 10 s or more: we are gone before that, whatever hangs. */
const CLOSING_MS = 9_000;
const GENERATED_EMAIL = 'admin@callboard.local';

type Close = () => Promise<unknown>;

async function start(config: Config, closers: Close[]): Promise<string[]> {
  const log = pino(
    { level: config.logLevel, redact: ['req.headers.authorization', 'req.headers.cookie'] },
    pino.destination(2),
  );
  const db = await openDatabase({ ...config, log });
  closers.push(() => db.close());
  const jwtSecret = config.jwtSecret ?? (await keptSecret(config.dataDir, 'jwt-secret')).secret;
  const settled = { ...config, jwtSecret };
  const welcome = await firstAdministrator(db, config);

  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const access = createAccess({ db, config: settled, log });
  const ingest = createIngest({ db, log, registry });
  closers.push(() => ingest.close());
  const live = await createLive({ db, log, registry, access, config: settled });
  closers.push(() => live.close());
  const app = await buildApp({ config: settled, log, db, access, ingest, live, registry });
  closers.push(() => app.close());
  live.attach(app);
  await app.listen({ port: config.port, host: config.host });

  const [address] = app.server.address() === null ? [] : app.addresses();
  const shown = `http://${config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host}:${address?.port ?? config.port}${config.basePath}/`;
  return [`Callboard is ready: ${shown}`, ...welcome];
}

/** On an empty database: the first tenant and its administrator, from the environment or made up. */
async function firstAdministrator(db: Database, config: Config): Promise<string[]> {
  const { adminEmail, adminPassword, tenantName, tenantTimeZone: timeZone } = config;
  if (adminEmail !== null && adminPassword !== null) {
    await createFirstAdministrator(db, { email: adminEmail, password: adminPassword, tenantName, timeZone });
    return [`Sign in as ${adminEmail} with the password you configured.`];
  }
  if (await hasAccounts(db)) return ['Sign in with your account.'];
  const { secret, path } = await keptSecret(config.dataDir, 'admin-password', typeablePassword);
  await createFirstAdministrator(db, { email: GENERATED_EMAIL, password: secret, tenantName, timeZone });
  return [
    `Sign in as ${GENERATED_EMAIL} with the password ${secret}`,
    `(also kept in ${path}; delete that file once you have it).`,
  ];
}

/** Closes what was opened, last first; one that fails does not keep the others open. */
async function close(closers: Close[]): Promise<boolean> {
  let isClean = true;
  for (const closer of closers.splice(0).reverse()) {
    await closer().catch((error: unknown) => {
      isClean = false;
      process.stderr.write(`closing failed: ${error instanceof Error ? error.message : String(error)}\n`);
    });
  }
  return isClean;
}

const closers: Close[] = [];
let isStopping = false;

function stop(): void {
  if (isStopping) process.exit(1); // A second Ctrl-C does not wait.
  isStopping = true;
  setTimeout(() => process.exit(1), CLOSING_MS).unref();
  void close(closers).then((isClean) => process.exit(isClean ? 0 : 1));
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);

try {
  const lines = await start(loadConfig(process.env), closers);
  if (!isStopping) process.stdout.write(`\n  ${lines.join('\n  ')}\n\n`);
} catch (error) {
  if (!isStopping) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message}\n`);
    await close(closers);
    process.exit(error instanceof ConfigError ? 2 : 1);
  }
}
