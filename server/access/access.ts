import { join } from 'node:path';
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Logger } from 'pino';
import { type Permission, roleMay, scopesAllow } from '../../shared/contract/permissions.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import { createAccessTokens } from './accessTokens.ts';
import { type ApiKeys, createApiKeys, KEY_PREFIX } from './apiKeys.ts';
import { keptSecret } from './keptSecret.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import type { Principal } from './principal.ts';
import { createRefreshTokens } from './refreshTokens.ts';
import { createSessions, type Sessions } from './sessions.ts';

/** Who may come in, and what they may do: the one place that decides, for routes and sockets alike. */
export interface Access {
  /** Whom an access token or API key stands for; throws AppError `unauthorized`, the same for every fault. */
  verify(token: string): Promise<Principal>;
  /** For a route's `onRequest`: refuses whoever may not, before a body is read, and sets `request.principal`. */
  guard(need: Permission): onRequestAsyncHookHandler;
  sessions: Sessions;
  apiKeys: ApiKeys;
}

export async function createAccess(options: {
  db: Database;
  config: Pick<Config, 'jwtSecret' | 'dataDir'>;
  log: Logger;
  passwords?: Passwords;
}): Promise<Access> {
  const { db, config, log, passwords = createPasswords() } = options;
  const secret = config.jwtSecret ?? (await keptSecret(join(config.dataDir, 'jwt-secret')));
  const accessTokens = createAccessTokens(new TextEncoder().encode(secret));
  const apiKeys = createApiKeys(db, log);
  const refreshTokens = createRefreshTokens(db);

  const verify = (token: string): Promise<Principal> =>
    token.startsWith(KEY_PREFIX) ? apiKeys.verify(token) : accessTokens.verify(token);

  return {
    verify,
    guard(need) {
      const hook: onRequestAsyncHookHandler = async (request) => {
        const principal = await verify(bearerOf(request));
        if (!isAllowed(principal, need)) throw new AppError('forbidden');
        request.principal = principal;
      };
      // Tells what it asks for, so that a test can hold every route to the table of permissions.
      return Object.assign(hook, { need });
    },
    sessions: createSessions({ db, passwords, accessTokens, refreshTokens }),
    apiKeys,
  };
}

function isAllowed(principal: Principal, need: Permission): boolean {
  if (principal.kind === 'account') return roleMay(principal.role, need);
  return scopesAllow(principal.scopes, need);
}

function bearerOf(request: FastifyRequest): string {
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new AppError('unauthorized');
  return token;
}
