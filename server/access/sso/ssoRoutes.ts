import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Database } from '../../db/connect.ts';
import type { Access } from '../access.ts';
import { stranger } from '../audit/audit.ts';
import { DOOR_RATE_LIMIT } from '../door.ts';
import { deviceOf, keepSignedIn } from '../sessions/refreshCookie.ts';
import { SsoRefused } from './claims.ts';
import type { Kept, Provider } from './provider.ts';
import { admit } from './ssoAccounts.ts';
import type { SsoConfig } from './ssoConfig.ts';

const COOKIE = 'callboard_sso';
/** How long somebody may take to sign in at the provider. */
const KEPT_SECONDS = 600;

const kept = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string() });

/** `/sessions/sso`: to the identity provider and back. A browser's own address, so its answers are redirects. */
export const ssoRoutes: FastifyPluginAsyncZod<{
  access: Access;
  db: Database;
  log: Logger;
  config: SsoConfig;
  provider: Provider;
  basePath: string;
  /** Where people reach us; null: where this browser does. */
  publicUrl: string | null;
}> = async (app, { access, db, log, config, provider, basePath, publicUrl }) => {
  const path = `${basePath}/api/v1/sessions/sso`;
  const rateLimit = { rateLimit: DOOR_RATE_LIMIT };
  const tags = ['access'];
  const schema = { tags, security: [], response: { 302: z.undefined() } };

  /** The provider sends nobody to an address it was not told of before, so a header makes no other. */
  const base = (request: FastifyRequest): string =>
    publicUrl ?? `${request.protocol}://${request.host}${basePath}`;

  /** To the wall, or to the sign-in page with why not. */
  const home = (request: FastifyRequest, reply: FastifyReply, reason?: string) =>
    reply.redirect(`${base(request)}/${reason === undefined ? '' : `#/sso/${reason}`}`, 302);

  app.get(
    '/sessions/sso',
    { config: rateLimit, schema: { ...schema, summary: 'Sign in at the identity provider' } },
    async (request, reply) => {
      try {
        const begun = await provider.begin(`${base(request)}/api/v1/sessions/sso/callback`);
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
        const returned = new URL(`${base(request)}/api/v1/sessions/sso/callback`);
        returned.search = new URL(request.url, returned).search;
        const claims = await provider.finish(returned, before);
        const place = await admit(db, config, claims, stranger(deviceOf(request)));
        const signedIn = await access.sessions.start({ ...place, how: 'sso', from: deviceOf(request) });
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
