import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  envelope,
  session,
  sessionRequest,
  sessionSwitch,
  signInOptions,
} from '../../../shared/contract/rest.ts';
import { AppError } from '../../http/errors.ts';
import type { Access } from '../access.ts';
import { deviceOf, forgetSignedIn, keepSignedIn, refreshTokenOf, sameSite } from './refreshCookie.ts';
import type { SignedIn } from './sessions.ts';

/** From one address, which may be a whole office's, whose screens renew every ten minutes. */
const RATE_LIMIT = { max: 300, timeWindow: 60_000 };

/** `/sessions`: signing in, staying so, signing out. */
export const sessionRoutes: FastifyPluginAsyncZod<{
  access: Access;
  basePath: string;
  sso: { name: string } | null;
}> = async (app, { access, basePath, sso }) => {
  const { sessions } = access;
  const config = { rateLimit: RATE_LIMIT };
  const tags = ['access'];

  const keep = (request: FastifyRequest, reply: FastifyReply, { session, refreshToken }: SignedIn) => {
    keepSignedIn(request, reply, { basePath, refreshToken });
    return { data: session };
  };

  app.get(
    '/sessions/options',
    {
      config,
      schema: {
        tags,
        summary: 'How one can sign in here',
        security: [],
        response: { 200: envelope(signInOptions) },
      },
    },
    async () => ({ data: { sso: sso && { name: sso.name }, mail: access.sendsMail } }),
  );

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
      const refreshToken = refreshTokenOf(request);
      if (refreshToken === undefined) throw new AppError('unauthorized');
      return keep(request, reply, await sessions.refresh(refreshToken, deviceOf(request)));
    },
  );

  app.post(
    '/sessions/switch',
    {
      config,
      onRequest: sameSite,
      schema: {
        tags,
        summary: 'Leave for another tenant of the same account; this session ends',
        security: [],
        body: sessionSwitch,
        response: { 200: envelope(session) },
      },
    },
    async (request, reply) => {
      const refreshToken = refreshTokenOf(request);
      if (refreshToken === undefined) throw new AppError('unauthorized');
      const to = { ...request.body, from: deviceOf(request), requestId: request.id };
      return keep(request, reply, await sessions.switchTo(refreshToken, to));
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
      const refreshToken = refreshTokenOf(request);
      if (refreshToken !== undefined) await sessions.signOut(refreshToken, deviceOf(request));
      forgetSignedIn(reply, basePath);
      return reply.code(204).send();
    },
  );
};
