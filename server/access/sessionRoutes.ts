import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { envelope, session, sessionRequest } from '../../shared/contract/rest.ts';
import { AppError } from '../http/errors.ts';
import type { Access } from './access.ts';
import { type Device, REFRESH_TOKEN_SECONDS } from './refreshTokens.ts';
import type { SignedIn } from './sessions.ts';

const COOKIE = 'callboard_refresh';
/** From one address, which may be a whole office's, whose screens renew every ten minutes. */
const RATE_LIMIT = { max: 300, timeWindow: 60_000 };

/** `/sessions`: signing in, staying so, signing out. */
export const sessionRoutes: FastifyPluginAsyncZod<{ access: Access; basePath: string }> = async (
  app,
  { access, basePath },
) => {
  await app.register(cookie);
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) =>
      new AppError('too_many_requests', { retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1_000)) }),
  });
  const { sessions } = access;
  const config = { rateLimit: RATE_LIMIT };
  const tags = ['access'];
  /** Sent to nothing but the routes that read it. */
  const path = `${basePath}/api/v1/sessions`;

  const keep = (request: FastifyRequest, reply: FastifyReply, { session, refreshToken }: SignedIn) => {
    reply.setCookie(COOKIE, refreshToken, {
      path,
      httpOnly: true,
      sameSite: 'strict',
      secure: request.protocol === 'https',
      maxAge: REFRESH_TOKEN_SECONDS,
    });
    reply.header('cache-control', 'no-store');
    return { data: session };
  };

  app.post(
    '/sessions',
    {
      config,
      onRequest: sameSite,
      schema: {
        tags,
        summary: 'Sign in',
        security: [],
        body: sessionRequest,
        response: { 200: envelope(session) },
      },
    },
    async (request, reply) =>
      keep(request, reply, await sessions.signIn({ ...request.body, from: deviceOf(request) })),
  );

  app.post(
    '/sessions/refresh',
    {
      config,
      onRequest: sameSite,
      schema: {
        tags,
        summary: 'A new access token for the refresh cookie',
        security: [],
        response: { 200: envelope(session) },
      },
    },
    async (request, reply) => {
      const refreshToken = request.cookies[COOKIE];
      if (refreshToken === undefined) throw new AppError('unauthorized');
      return keep(request, reply, await sessions.refresh(refreshToken, deviceOf(request)));
    },
  );

  app.delete(
    '/sessions/current',
    {
      config,
      onRequest: sameSite,
      schema: { tags, summary: 'Sign out', security: [], response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      const refreshToken = request.cookies[COOKIE];
      if (refreshToken !== undefined) await sessions.signOut(refreshToken, deviceOf(request));
      return reply.clearCookie(COOKIE, { path }).code(204).send();
    },
  );
};

/** What a browser says of itself may be anything: printable, and no longer than anybody reads. */
function deviceOf(request: FastifyRequest): Device {
  const userAgent = (request.headers['user-agent'] ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, 256);
  return { userAgent, address: request.ip, requestId: request.id };
}

/**
 * Refuses what a page of another site makes a browser send along with its cookies [S75]. SameSite=Strict keeps them
 * back already, but takes other ports and subdomains for the same site.
 */
async function sameSite(request: FastifyRequest): Promise<void> {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === request.host);
  if (isOwn && (site === undefined || site === 'same-origin' || site === 'none')) return;
  throw new AppError('forbidden', { message: 'Another site asked for this.' });
}
