import { join } from 'node:path';
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Logger } from 'pino';
import { type Permission, personMay, scopesAllow } from '../../shared/contract/permissions.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import { ACCESS_TOKEN_SECONDS, createAccessTokens } from './accessTokens.ts';
import { type ApiKeys, createApiKeys, KEY_PREFIX } from './apiKeys.ts';
import { createDoubts } from './doubts.ts';
import { keptSecret } from './keptSecret.ts';
import { createOwnSessions, type OwnSessions } from './ownSessions.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import type { Principal } from './principal.ts';
import { createRefreshTokens } from './refreshTokens.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { lookUp } from './standing.ts';

/** Who may come in, and what they may do: the one place that decides, for routes and sockets alike. */
export interface Access {
  /** Whom an access token or API key stands for; throws AppError `unauthorized`, the same for every fault. */
  verify(token: string): Promise<Principal>;
  /** For a route's `onRequest`: refuses whoever may not, before a body is read, and sets `request.principal`. */
  guard(need: Permission): onRequestAsyncHookHandler;
  /** Whose rights may have changed, by id, or a whole tenant's; null: anybody's. What they hold is looked up from now on [S13]. */
  doubt(id: string | null): void;
  sessions: Sessions;
  ownSessions: OwnSessions;
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

  const doubts = createDoubts({ forgetMs: ACCESS_TOKEN_SECONDS * 1_000 });

  const verify = async (token: string): Promise<Principal> => {
    if (token.startsWith(KEY_PREFIX)) return apiKeys.verify(token);
    const person = await accessTokens.verify(token);
    const { accountId, tenantId, issuedAt } = person;
    const isDoubted = doubts.isRaised(accountId, issuedAt) || doubts.isRaised(tenantId, issuedAt);
    return isDoubted ? lookUp(db, person) : person;
  };

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
    doubt(id) {
      doubts.raise(id);
      apiKeys.forget();
    },
    sessions: createSessions({ db, passwords, accessTokens, refreshTokens }),
    ownSessions: createOwnSessions({ db, passwords }),
    apiKeys,
  };
}

function isAllowed(principal: Principal, need: Permission): boolean {
  switch (principal.kind) {
    case 'account':
      return personMay(principal, need);
    case 'key':
      return scopesAllow(principal.scopes, need);
    case 'screen':
      return false; // It shows its board, over its socket, and nothing else [S78].
  }
}

function bearerOf(request: FastifyRequest): string {
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new AppError('unauthorized');
  return token;
}
