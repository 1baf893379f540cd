import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { lookedAtReset, resetLook, resetRequest, resetUse } from '../../../shared/contract/people.ts';
import { envelope } from '../../../shared/contract/rest.ts';
import { networkOf } from '../../http/clientAddress.ts';
import { AppError } from '../../http/errors.ts';
import type { Access } from '../access.ts';
import { createAttemptLimit } from '../attemptLimit.ts';
import { DOOR_RATE_LIMIT } from '../door.ts';
import { sameSite } from '../sessions/refreshCookie.ts';

/** Mails to one account: more help nobody, and fill a mailbox. */
const PER_ACCOUNT = { max: 3, windowMs: 3_600_000 };
/** From one address: a whole office may sit behind it. */
const PER_ADDRESS = { max: 20, windowMs: 3_600_000 };

/** `/password-resets`: for whoever has forgotten his password, or holds a link to choose another. */
export const passwordResetRoutes: FastifyPluginAsyncZod<{ access: Access }> = async (app, { access }) => {
  const { passwordResets } = access;
  const config = { rateLimit: DOOR_RATE_LIMIT };
  const tags = ['access'];
  const byAccount = createAttemptLimit(PER_ACCOUNT);
  const byAddress = createAttemptLimit(PER_ADDRESS);

  app.post(
    '/password-resets',
    {
      config,
      onRequest: sameSite,
      schema: {
        tags,
        summary:
          'Mail a link to choose a new password with; answers the same whether there is such an account',
        security: [],
        body: resetRequest,
        response: { 202: z.undefined() },
      },
    },
    async (request, reply) => {
      if (!access.sendsMail) {
        throw new AppError('conflict', { message: 'This server sends no mail: ask your administrator.' });
      }
      const account = request.body.email.trim().toLowerCase();
      const network = networkOf(request.ip);
      const seconds = Math.max(byAccount.blockedFor(account) ?? 0, byAddress.blockedFor(network) ?? 0);
      if (seconds > 0) throw new AppError('too_many_requests', { retryAfterSeconds: seconds });
      byAccount.count(account);
      byAddress.count(network);
      void passwordResets.mailTo(account); // Never rejects; waited for, its time would tell who has an account.
      return reply.code(202).send();
    },
  );

  app.post(
    '/password-resets/look',
    {
      config,
      onRequest: sameSite,
      schema: {
        tags,
        summary: 'Whose password a link changes',
        security: [],
        body: resetLook,
        response: { 200: envelope(lookedAtReset) },
      },
    },
    async ({ body }) => ({ data: await passwordResets.look(body.token) }),
  );

  app.post(
    '/password-resets/use',
    {
      config,
      onRequest: sameSite,
      schema: {
        tags,
        summary: 'Choose a new password; every session of the account ends',
        security: [],
        body: resetUse,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const from = { address: request.ip, requestId: request.id };
      await passwordResets.use({ ...request.body, from });
      return reply.code(204).send();
    },
  );
};
