import Fastify, { type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import type { Principal } from '../access/principal.ts';
import { createScreenPresence } from '../access/screens/screenPresence.ts';
import type { Database } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import { createLive, type Live, type LiveIntervals } from './live.ts';
import type { SocketCaps } from './sockets/admission.ts';
import { silent } from './testing.ts';

/** Live alone on a real server, for the tests of its sockets; tokens are tenant ids, `<tenant id>@<epoch ms>` expires. */
export interface LiveServer {
  live: Live;
  app: FastifyInstance;
  registry: Registry;
  url: string;
  port: number;
  close(): Promise<void>;
}

export const QUICK: Partial<LiveIntervals> = {
  engine: { feed: { pollMs: 20, backoffMs: 5, backoffLimitMs: 50, readMs: 2_000 } },
  broadcast: { flushMs: 20, tickMs: 100 },
  hub: { checkMs: 20, resumeMs: 10 },
};

export async function startLive(
  db: Database,
  options: {
    intervals?: Partial<LiveIntervals>;
    basePath?: string;
    trustProxy?: string;
    caps?: Partial<SocketCaps>;
    now?: () => number;
    /** Who a token speaks for, where it is not as above. */
    verify?: (token: string) => Promise<Principal>;
    /** Waited for before each token is looked at. */
    beforeVerify?: () => Promise<void>;
  } = {},
): Promise<LiveServer> {
  const registry = new Registry();
  const live = await createLive({
    db,
    log: silent,
    registry,
    access: {
      async verify(token) {
        await options.beforeVerify?.();
        return (options.verify ?? verify)(token);
      },
      doubt() {},
      screenPresence: createScreenPresence(db),
      pairings: { wake() {} },
    },
    config: { basePath: options.basePath ?? '', trustProxy: options.trustProxy ?? false },
    caps: options.caps,
    intervals: { ...QUICK, ...options.intervals },
    now: options.now,
  });
  const app = Fastify();
  live.attach(app);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const port = Number(new URL(app.listeningOrigin).port);
  return {
    live,
    app,
    registry,
    port,
    url: `http://127.0.0.1:${port}`,
    async close() {
      await app.close();
      await live.close();
    },
  };
}

async function verify(token: string): Promise<Principal> {
  const [tenantId = '', expiry] = token.split('@');
  if (!/^[0-9a-f-]{36}$/.test(tenantId)) throw new AppError('unauthorized');
  const expiresAt = expiry === undefined ? Date.now() + 600_000 : Number(expiry);
  return {
    kind: 'account',
    tenantId,
    accountId: tenantId,
    sessionId: tenantId,
    email: 'a@example.test',
    role: 'viewer',
    sectors: [],
    isPlatformOwner: false,
    issuedAt: Date.now(),
    expiresAt,
  };
}
