import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { Registry } from 'prom-client';
import { ADMIN } from '../e2e/testing/server.ts';
import { traffic } from '../e2e/testing/traffic.ts';
import { type Access, createAccess } from '../server/access/access.ts';
import { createPasswords } from '../server/access/sessions/passwords.ts';
import { buildApp } from '../server/app.ts';
import { openDatabase } from '../server/db/connect.ts';
import { createIngest } from '../server/ingest/ingest.ts';
import { createLive } from '../server/live/live.ts';
import { createLinkPost } from '../server/mail/linkPost.ts';
import { ensureFirstAdministrator } from '../server/platform/firstAdministrator.ts';
import { openSetup } from '../server/platform/setup.ts';
import { startPostgres } from './postgres.ts';
import { type Figure, percentile, report } from './report.ts';

/**
 * What finding out who asks and what he may see adds to a live endpoint: the same server twice in one process, once
 * with a guard that knows the answer beforehand. CPU of this process, in turns, without a network between.
 */
const ROUNDS = 150;
const REQUESTS = 20;
const PROMISED = 1.05;
const ENDPOINTS = ['/api/v1/metrics/live', '/api/v1/live/queues', '/api/v1/live/agents'];

const log = pino({ level: 'silent' });
const dataDir = join(tmpdir(), `callboard-bench-authorisation-${process.pid}`);
const database = await startPostgres();
const db = await openDatabase({
  databaseUrl: await database.create('authorisation'),
  directDatabaseUrl: null,
  dataDir,
  log,
});
const passwords = createPasswords({ N: 2 ** 10, r: 8, p: 1 });
const config = {
  basePath: '',
  trustProxy: false,
  metricsToken: null,
  sso: null,
  publicUrl: null,
  dataDir,
  jwtSecretPrevious: null,
  jwtSecret: 'a secret of the bench, long enough',
  demo: false,
  tenantName: 'Bench',
  tenantTimeZone: 'UTC',
};
await ensureFirstAdministrator({ db, config, given: ADMIN, passwords, log });
const setup = await openSetup({ db, config, passwords, log, onFinished() {} });
const sweeper = { wake() {} };
const post = createLinkPost(null, null);
const access = await createAccess({ db, config, log, passwords, post });
const live = await createLive({ db, log, registry: new Registry(), access, config });
const ingest = createIngest({ db, log, registry: new Registry(), onWriting: live.writing });

const { session } = await access.sessions.signIn({
  ...ADMIN,
  from: { userAgent: '', address: '', requestId: '' },
});
const token = session.accessToken;
const principal = await access.verify(token);
const knowing: Access = {
  ...access,
  guard: () => async (request) => {
    request.principal = principal;
  },
};

async function appWith(by: Access): Promise<FastifyInstance> {
  const history = { health: async () => ({ seq: 0, headSeq: 0, lagMs: 0, staleDays: 0, differentDays: 0 }) };
  const parts = { config, log, db, access: by, ingest, live, history, setup, sweeper };
  const app = await buildApp({ ...parts, registry: new Registry() });
  await app.ready();
  return app;
}

async function cpuOf(app: FastifyInstance, url: string): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < REQUESTS; index++) {
    const answer = await app.inject({ url, headers: { authorization: `Bearer ${token}` } });
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / REQUESTS;
}

async function figureOf(url: string, guarded: FastifyInstance, open: FastifyInstance): Promise<Figure> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = -5; round < ROUNDS; round++) {
    // First one, then the other: what the machine does besides falls on both.
    const pair = [
      [ours, guarded],
      [theirs, open],
    ] as const;
    for (const [taken, app] of round % 2 === 0 ? pair : pair.toReversed()) {
      const ms = await cpuOf(app, url);
      if (round >= 0) taken.push(ms);
    }
  }
  const [value, baseline] = [percentile(ours, 0.5), percentile(theirs, 0.5)];
  return {
    what: `GET ${url}`,
    value,
    unit: 'ms of CPU',
    baseline: { what: 'with a guard that knows', value: baseline },
    promise: { text: '≤ 5 % more', kept: value <= baseline * PROMISED },
  };
}

try {
  const endMs = Date.now();
  const events = traffic({
    seed: 1,
    calls: 3_000,
    agents: 100,
    queues: 20,
    startMs: endMs - 3_600_000,
    endMs,
  });
  for (let at = 0; at < events.length; at += 1_000) {
    await ingest.append(principal.tenantId, { events: events.slice(at, at + 1_000) });
  }
  const [guarded, open] = [await appWith(access), await appWith(knowing)];
  const figures: Figure[] = [];
  for (const url of ENDPOINTS) figures.push(await figureOf(url, guarded, open));
  report('Finding out who asks', figures);
  await Promise.all([guarded.close(), open.close()]);
} finally {
  await ingest.close();
  await live.close();
  await db.close();
  await database.stop();
}
