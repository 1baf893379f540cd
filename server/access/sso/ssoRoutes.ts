import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Database } from '../../db/connect.ts';
import type { Access } from '../access.ts';
import type { Actor } from '../audit.ts';
import { deviceOf, keepSignedIn } from '../refreshCookie.ts';
import { SsoRefused } from './claims.ts';
import type { Kept, Provider } from './provider.ts';
import { admit } from './ssoAccounts.ts';
import type { SsoConfig } from './ssoConfig.ts';

const COOKIE = 'callboard_sso';
/** How long somebody may take to sign in at the provider. */
const KEPT_SECONDS = 600;
const RATE_LIMIT = { max: 60, timeWindow: 60_000 };

const kept = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string() });

/** `/sessions/sso`: to the identity provider and back. A browser's own address, so its answers are redirects. */
export const ssoRoutes: FastifyPluginAsyncZod<{
  access: Access;
  db: Database;
  log: Logger;
  config: SsoConfig;
  provider: Provider;
  basePath: string;
}> = async (app, { access, db, log, config, provider, basePath }) => {
  const path = `${basePath}/api/v1/sessions/sso`;
  const rateLimit = { rateLimit: RATE_LIMIT };
  const tags = ['access'];
  const schema = { tags, security: [], response: { 302: z.undefined() } };

  /** To the wall, or to the sign-in page with why not. */
  const home = (request: FastifyRequest, reply: FastifyReply, reason?: string) =>
    reply.redirect(`${baseOf(request, basePath)}/${reason === undefined ? '' : `#/sso/${reason}`}`, 302);

  app.get(
    '/sessions/sso',
    { config: rateLimit, schema: { ...schema, summary: 'Sign in at the identity provider' } },
    async (request, reply) => {
      try {
        const begun = await provider.begin(`${baseOf(request, basePath)}/api/v1/sessions/sso/callback`);
        // Lax, for the way back starts at the provider. Whose browser it is tells nobody anything: without the code
        // that comes back, which is good for this verifier alone, nothing follows from it.
        reply.setCookie(COOKIE, toCookie(begun.kept), {
          path,
          httpOnly: true,
          sameSite: 'lax',
          secure: request.protocol === 'https',
          maxAge: KEPT_SECONDS,
        });
        return reply.redirect(begun.url.href, 302);
      } catch (error) {
        log.warn({ err: error }, 'sso:unreachable');
        return home(request, reply, 'unreachable');
      }
    },
  );

  app.get(
    '/sessions/sso/callback',
    {
      config: rateLimit,
      schema: { ...schema, summary: 'Where the identity provider sends the browser back to', hide: true },
    },
    async (request, reply) => {
      const before = fromCookie(request.cookies[COOKIE]);
      reply.clearCookie(COOKIE, { path });
      if (before === null) return home(request, reply, 'expired');
      try {
        const returned = new URL(`${baseOf(request, basePath)}/api/v1/sessions/sso/callback`);
        returned.search = new URL(request.url, returned).search;
        const claims = await provider.finish(returned, before);
        const place = await admit(db, config, claims, stranger(request));
        const signedIn = await access.sessions.start({ ...place, from: deviceOf(request) });
        keepSignedIn(request, reply, { basePath, refreshToken: signedIn.refreshToken });
        return home(request, reply);
      } catch (error) {
        const reason = error instanceof SsoRefused ? error.reason : 'failed';
        log.warn({ err: error, reason }, 'sso:refused');
        return home(request, reply, reason);
      }
    },
  );
};

/** Where this browser reaches us; the provider sends nobody to an address it was not told of before. */
function baseOf(request: FastifyRequest, basePath: string): string {
  return `${request.protocol}://${request.host}${basePath}`;
}

function stranger(request: FastifyRequest): Actor {
  return { kind: 'stranger', id: null, name: '', address: request.ip, requestId: request.id };
}

function toCookie(value: Kept): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function fromCookie(text: string | undefined): Kept | null {
  try {
    return kept.parse(JSON.parse(Buffer.from(text ?? '', 'base64url').toString()));
  } catch {
    return null;
  }
}
