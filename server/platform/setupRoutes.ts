import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { setupRequest, setupState } from '../../shared/contract/platform.ts';
import { envelope, session } from '../../shared/contract/rest.ts';
import type { Access } from '../access/access.ts';
import { createAttemptLimit } from '../access/attemptLimit.ts';
import { DOOR_RATE_LIMIT } from '../access/door.ts';
import { deviceOf, keepSignedIn, sameSite } from '../access/sessions/refreshCookie.ts';
import { networkOf } from '../http/clientAddress.ts';
import { AppError } from '../http/errors.ts';
import type { Setup } from './setup.ts';

/** Tries with another token than the one printed; nobody guesses 256 bits, but nobody needs more either. */
const WRONG_TOKENS = { max: 10, windowMs: 15 * 60_000 };

/** `/setup`: the first run, for whoever has the link that was printed [S76]. Stands behind `equipDoor`. */
export const setupRoutes: FastifyPluginAsyncZod<{
  setup: Setup;
  access: Access;
  basePath: string;
}> = async (app, { setup, access, basePath }) => {
  const config = { rateLimit: DOOR_RATE_LIMIT };
  const tags = ['platform'];
  const wrong = createAttemptLimit(WRONG_TOKENS);

  app.get(
    '/setup',
    {
      config,
      schema: {
        tags,
        summary: 'Whether this installation waits to be set up',
        security: [],
        response: { 200: envelope(setupState) },
      },
    },
    async () => ({ data: await setup.state() }),
  );

  app.post(
    '/setup',
    {
      config,
      onRequest: sameSite,
      schema: {
        tags,
        summary:
          'Set this installation up, once, with the token printed at start; signs the administrator in',
        security: [],
        body: setupRequest,
        response: { 201: envelope(session) },
      },
    },
    async (request, reply) => {
      const from = deviceOf(request);
      const network = networkOf(from.address);
      const seconds = wrong.blockedFor(network);
      if (seconds !== null) throw new AppError('too_many_requests', { retryAfterSeconds: seconds });
      wrong.count(network);
      let isWrong = false;
      try {
        const made = await setup.finish(request.body, { address: from.address, requestId: request.id });
        const { session, refreshToken } = await access.sessions.start({ ...made, how: 'setup', from });
        keepSignedIn(request, reply, { basePath, refreshToken });
        return reply.code(201).send({ data: session });
      } catch (error) {
        isWrong = error instanceof AppError && error.code === 'forbidden';
        throw error;
      } finally {
        if (!isWrong) wrong.giveBack(network);
      }
    },
  );
};
