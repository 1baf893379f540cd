import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { invitationAcceptance, invitationLook, lookedAtInvitation } from '../../../shared/contract/people.ts';
import { envelope, session } from '../../../shared/contract/rest.ts';
import type { Access } from '../access.ts';
import { DOOR_RATE_LIMIT } from '../door.ts';
import { deviceOf, keepSignedIn, sameSite } from '../sessions/refreshCookie.ts';

/** `/invitations`: for whoever holds the link of one, and nothing else. */
export const acceptanceRoutes: FastifyPluginAsyncZod<{ access: Access; basePath: string }> = async (
  app,
  { access, basePath },
) => {
  const { acceptance } = access;
  const config = { rateLimit: DOOR_RATE_LIMIT };
  const tags = ['access'];

  app.post(
    '/invitations/look',
    {
      config,
      onRequest: sameSite,
      schema: {
        tags,
        summary: 'What an invitation is to',
        security: [],
        body: invitationLook,
        response: { 200: envelope(lookedAtInvitation) },
      },
    },
    async ({ body }) => ({ data: await acceptance.look(body.token) }),
  );

  app.post(
    '/invitations/acceptance',
    {
      config,
      onRequest: sameSite,
      schema: {
        tags,
        summary: 'Accept an invitation and sign in, with a new account or the password of the one there is',
        security: [],
        body: invitationAcceptance,
        response: { 200: envelope(session) },
      },
    },
    async (request, reply) => {
      const from = deviceOf(request);
      const accepted = await acceptance.accept({ ...request.body, from, requestId: request.id });
      keepSignedIn(request, reply, { basePath, refreshToken: accepted.refreshToken });
      return { data: accepted.session };
    },
  );
};
