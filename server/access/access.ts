import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Logger } from 'pino';
import { type Permission, personMay, scopesAllow } from '../../shared/contract/permissions.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import type { LinkPost } from '../mail/linkPost.ts';
import { type Acceptance, createAcceptance } from './acceptance.ts';
import { ACCESS_TOKEN_SECONDS, createAccessTokens } from './accessTokens.ts';
import { type ApiKeys, createApiKeys, KEY_PREFIX } from './apiKeys.ts';
import { actorFrom } from './audit.ts';
import { createDoubts } from './doubts.ts';
import { createInvitations, type Invitations } from './invitations.ts';
import { forgetPrevious, jwtSecrets } from './jwtSecrets.ts';
import { createOwnSessions, type OwnSessions } from './ownSessions.ts';
import { createPairings, type Pairings } from './pairings.ts';
import { createPasswordResets, type PasswordResets } from './passwordResets.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import { createPeople, type People } from './people.ts';
import { idOf, type Principal } from './principal.ts';
import { createRefreshTokens } from './refreshTokens.ts';
import { createRefusals } from './refusals.ts';
import { rememberFound } from './remembered.ts';
import { createScreenPresence, type ScreenPresence } from './screenPresence.ts';
import { createScreens, type Screens } from './screens.ts';
import { createScreenTokens, SCREEN_PREFIX, type ScreenTokens } from './screenTokens.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createStanding } from './standing.ts';

/** Who may come in, and what they may do: the one place that decides, for routes and sockets alike. */
export interface Access {
  /** Whom an access token, API key or screen's token stands for; throws AppError `unauthorized`, the same for every fault. */
  verify(token: string): Promise<Principal>;
  /** For a route's `onRequest`: refuses whoever may not, before a body is read, and sets `request.principal`. */
  guard(need: Permission): onRequestAsyncHookHandler;
  /** Whose rights may have changed, by id, or a whole tenant's; null: anybody's. What they hold is looked up from now on [S13]. */
  doubt(id: string | null): void;
  sessions: Sessions;
  ownSessions: OwnSessions;
  apiKeys: ApiKeys;
  people: People;
  invitations: Invitations;
  acceptance: Acceptance;
  passwordResets: PasswordResets;
  /** Whether a forgotten password can be helped without an administrator. */
  sendsMail: boolean;
  screens: Screens;
  screenTokens: ScreenTokens;
  screenPresence: ScreenPresence;
  pairings: Pairings;
  /** Done when what was refused is written down. */
  close(): Promise<void>;
}

export async function createAccess(options: {
  db: Database;
  config: Pick<Config, 'jwtSecret' | 'jwtSecretPrevious' | 'dataDir'>;
  log: Logger;
  passwords?: Passwords;
  post: LinkPost;
}): Promise<Access> {
  const { db, config, log, passwords = createPasswords(), post } = options;
  const secrets = await jwtSecrets(config);
  const accessTokens = createAccessTokens(secrets);
  const isKept = config.jwtSecret === null && secrets.previous !== null;
  const keepPrevious = isKept
    ? forgetPrevious(config.dataDir, () => accessTokens.forgetPrevious())
    : () => {};
  const apiKeys = createApiKeys(db, log);
  const refreshTokens = createRefreshTokens(db);
  const refusals = createRefusals({ db, log });
  const sessions = createSessions({ db, passwords, accessTokens, refreshTokens, refusals, log });
  const screenTokens = createScreenTokens(db);
  const standing = createStanding(db);
  // A signature does not change: whoever asks again within moments pays for it once. Doubts are raised all the same.
  const signed = rememberFound((token) => accessTokens.verify(token));
  const doubts = createDoubts({ forgetMs: ACCESS_TOKEN_SECONDS * 1_000 });

  const verify = async (token: string): Promise<Principal> => {
    if (token.startsWith(KEY_PREFIX)) return apiKeys.verify(token);
    if (token.startsWith(SCREEN_PREFIX)) return screenTokens.verify(token);
    const person = await signed.verify(token);
    const { accountId, tenantId, issuedAt } = person;
    const isDoubted = doubts.isRaised(accountId, issuedAt) || doubts.isRaised(tenantId, issuedAt);
    return isDoubted ? standing.lookUp(person) : person;
  };

  const deny = (request: FastifyRequest, principal: Principal, need: Permission): never => {
    const { tenantId } = principal;
    refusals.note(idOf(principal), async () => [tenantId], actorFrom(request, principal), {
      action: 'access.denied',
      after: { route: `${request.method} ${request.routeOptions.url}`, permission: need },
    });
    throw new AppError('forbidden');
  };

  return {
    verify,
    guard(need) {
      const hook: onRequestAsyncHookHandler = async (request) => {
        const principal = await verify(bearerOf(request));
        if (!isAllowed(principal, need)) deny(request, principal, need);
        request.principal = principal;
      };
      // Tells what it asks for, so that a test can hold every route to the table of permissions.
      return Object.assign(hook, { need });
    },
    doubt(id) {
      doubts.raise(id);
      standing.forget(id);
      apiKeys.forget();
      screenTokens.forget();
    },
    sessions,
    ownSessions: createOwnSessions({ db, passwords }),
    apiKeys,
    people: createPeople(db),
    invitations: createInvitations(db, post),
    acceptance: createAcceptance({ db, passwords, sessions }),
    passwordResets: createPasswordResets({ db, passwords, post, log }),
    sendsMail: post.sendsMail,
    screens: createScreens(db),
    screenTokens,
    screenPresence: createScreenPresence(db),
    pairings: createPairings(db),
    close() {
      keepPrevious();
      return refusals.close();
    },
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

/** The token a request comes with; throws AppError `unauthorized` where it has none. */
export function bearerOf(request: FastifyRequest): string {
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new AppError('unauthorized');
  return token;
}
