import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { envelope, ownSession, passwordChange } from '../../../shared/contract/rest.ts';
import { AppError } from '../../http/errors.ts';
import type { Access } from '../access.ts';
import { createAttemptLimit } from '../attemptLimit.ts';
import { actorOf } from '../audit/audit.ts';
import { personOf } from '../requestPrincipal.ts';

/** Whoever holds a stolen token must not find the password by trying [S74]. */
const TRIES = { max: 10, windowMs: 15 * 60_000 };

/** `/account`: what everybody may do about his own: sessions and the password. */
export const accountRoutes: FastifyPluginAsyncZod<{ access: Access }> = async (app, { access }) => {
  const { ownSessions } = access;
  const onRequest = access.guard('account:own');
  const tags = ['access'];
  const tries = createAttemptLimit(TRIES);

  app.get(
    '/account/sessions',
    {
      onRequest,
      schema: { tags, summary: 'Where I am signed in', response: { 200: envelope(z.array(ownSession)) } },
    },
    async (request) => ({ data: await ownSessions.list(personOf(request)) }),
  );

  app.delete(
    '/account/sessions',
    { onRequest, schema: { tags, summary: 'Sign out everywhere', response: { 204: z.undefined() } } },
    async (request, reply) => {
      await ownSessions.endAll(actorOf(request), personOf(request));
      return reply.code(204).send();
    },
  );

  app.delete(
    '/account/sessions/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'End one of my sessions',
        params: z.strictObject({ id: z.uuid() }),
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const isEnded = await ownSessions.end(actorOf(request), personOf(request), request.params.id);
      if (!isEnded) throw new AppError('not_found');
      return reply.code(204).send();
    },
  );

  app.put(
    '/account/password',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Choose another password; ends all my other sessions',
        body: passwordChange,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const person = personOf(request);
      const seconds = tries.blockedFor(person.accountId);
      if (seconds !== null) throw new AppError('too_many_requests', { retryAfterSeconds: seconds });
      // Counted before the slow part, so that tries at the same time do not all pass as the first.
      tries.count(person.accountId);
      let isWrong = false;
      try {
        await ownSessions.changePassword(actorOf(request), person, request.body);
      } catch (error) {
        isWrong = error instanceof AppError && error.code === 'forbidden';
        throw error;
      } finally {
        if (!isWrong) tries.giveBack(person.accountId);
      }
      return reply.code(204).send();
    },
  );
};
