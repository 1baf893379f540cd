import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, LightMyRequestResponse, RouteOptions } from 'fastify';
import pino from 'pino';
import { Registry } from 'prom-client';
import type { Role } from '../shared/contract/permissions.ts';
import { createAccess } from './access/access.ts';
import { createPasswords } from './access/sessions/passwords.ts';
import { buildApp, type Parts } from './app.ts';
import { chores } from './chores.ts';
import { inTenant } from './db/connect.ts';
import { createTestDatabase, type TestDatabase } from './db/testing.ts';
import { createHistory, type History } from './history/history.ts';
import { createIngest } from './ingest/ingest.ts';
import { createLive } from './live/live.ts';
import { createLinkPost, type LinkPost } from './mail/linkPost.ts';
import { openSetup } from './platform/setup.ts';
import { startSweeper } from './platform/sweeper.ts';

/** The whole server over a database of its own, short of listening. */
export interface TestApp {
  app: FastifyInstance;
  test: TestDatabase;
  parts: Parts;
  routes: RouteOptions[];
  /** Makes an account in the first tenant or the one named, with the password PASSWORD; answers its id. No sectors: all of them. */
  addAccount(email: string, role: Role, sectors?: readonly string[], tenantId?: string): Promise<string>;
  /** Asks the API, as whoever the headers name. */
  ask(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    headers?: Record<string, string>,
    payload?: object,
  ): Promise<LightMyRequestResponse>;
  /** With the password PASSWORD, where it is left out. */
  signIn(email: string, password?: string): Promise<SignedIn>;
  close(): Promise<void>;
}

export const PASSWORD = 'a password of tests';

/** A history that leaves the facts to the test. */
const RESTING: History = {
  wake() {},
  health: async () => ({ seq: 0, headSeq: 0, lagMs: 0, staleDays: 0, differentDays: 0 }),
  async close() {},
};

/** The headers of somebody who holds a token or a key. */
export interface Bearer {
  authorization: string;
  [header: string]: string;
}

export const bearerOf = (token: string): Bearer => ({ authorization: `Bearer ${token}` });

export interface SignedIn {
  token: string;
  bearer: Bearer;
  cookie: string;
  tenant: { id: string; name: string };
  tenants: { id: string; name: string }[];
}

/** What signing in, renewing, switching or accepting has answered. */
export function signedIn(answer: LightMyRequestResponse): SignedIn {
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
  const { accessToken: token, tenant, tenants } = answer.json().data;
  const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
  return { token, bearer: bearerOf(token), cookie, tenant, tenants };
}

/**
 * `fresh`: an installation without a tenant, as its first start finds it, with or without a demo. `post`: how links reach
 * people; by nobody's hands but the administrator's where it is left out. `projects`: whether the log becomes history.
 */
export async function createTestApp(
  config: Partial<Parts['config']> = {},
  {
    fresh,
    post = createLinkPost(null, null),
    projects = false,
    choresMs,
    now = Date.now,
  }: {
    fresh?: { demo: boolean };
    post?: LinkPost;
    projects?: boolean;
    choresMs?: number;
    now?: () => number;
  } = {},
): Promise<TestApp> {
  const test = await createTestDatabase();
  if (fresh) await test.ownerSql`delete from tenants`;
  const { db, tenantId } = test;
  const log = pino({ level: 'silent' });
  const registry = new Registry();
  const dataDir = await mkdtemp(join(tmpdir(), 'callboard-app-'));
  // The real cost is tested where passwords are; here people sign in by the dozen.
  const passwords = createPasswords({ N: 2 ** 10, r: 8, p: 1 });
  const access = await createAccess({
    db,
    config: { jwtSecret: null, jwtSecretPrevious: null, dataDir },
    log,
    passwords,
    post,
  });
  const wholeConfig = {
    basePath: '',
    trustProxy: false,
    metricsToken: null,
    publicUrl: null,
    sso: null,
    ...config,
  };
  const history = projects
    ? createHistory({
        db,
        log,
        registry,
        now,
        chores: chores({ eventRetentionMonths: null }, registry),
        intervals: { ...(choresMs !== undefined && { choresMs }) },
      })
    : RESTING;
  const live = await createLive({
    db,
    log,
    registry,
    access,
    config: wholeConfig,
    onLogGrown: history.wake,
    now,
  });
  const ingest = createIngest({ db, log, registry, onWriting: live.writing });
  const setup = await openSetup({
    db,
    config: { dataDir, demo: fresh?.demo ?? false, tenantName: 'Acme', tenantTimeZone: 'UTC' },
    passwords,
    log,
    onFinished() {},
  });
  const sweeper = startSweeper({ db, log });
  const routes: RouteOptions[] = [];
  const parts: Parts = {
    config: wholeConfig,
    log,
    db,
    access,
    ingest,
    live,
    history,
    setup,
    sweeper,
    registry,
    onRoute: (route) => routes.push(route),
  };
  const app = await buildApp(parts);
  await app.ready();
  const ask: TestApp['ask'] = (method, path, headers = {}, payload) =>
    app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
  return {
    ask,
    signIn: async (email, password = PASSWORD) =>
      signedIn(await ask('POST', '/sessions', { 'user-agent': 'Test browser' }, { email, password })),
    app,
    test,
    parts,
    routes,
    async addAccount(email, role, sectors = [], ofTenant = tenantId) {
      const accountId = randomUUID();
      const hash = await passwords.hash(PASSWORD);
      await inTenant(db, ofTenant, async (tx) => {
        await tx`select create_account(${accountId}, ${email}, ${email}, ${hash})`;
        await tx`
          insert into memberships (tenant_id, account_id, role, sectors)
          values (${ofTenant}, ${accountId}, ${role}, ${[...sectors]})`;
      });
      return accountId;
    },
    async close() {
      await app.close();
      await live.close();
      await history.close();
      await ingest.close();
      await access.close();
      await sweeper.close();
      await test.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
