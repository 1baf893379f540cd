import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { envelope } from '../../../shared/contract/rest.ts';
import {
  claimedPairing,
  openedPairing,
  pairingClaim,
  renewedScreen,
} from '../../../shared/contract/screens.ts';
import { AppError } from '../../http/errors.ts';
import { limitRates } from '../../http/limitRates.ts';
import { type Access, bearerOf } from '../access.ts';

/** One address may be a whole centre, every screen of which is switched on by one fuse. */
const RATE_LIMIT = { max: 2_000, timeWindow: 600_000 };
/** A display that is waiting asks four times a minute. */
const CLAIM_RATE_LIMIT = { max: 20_000, timeWindow: 600_000 };

/** What displays ask for by themselves, without anybody signed in at them. */
export const pairingRoutes: FastifyPluginAsyncZod<{ access: Access }> = async (app, { access }) => {
  await limitRates(app);
  const { pairings, screenTokens } = access;
  const tags = ['screens'];
  // Those who wait would hold up closing.
  app.addHook('preClose', async () => pairings.close());

  app.post(
    '/screens/pairings',
    {
      config: { rateLimit: RATE_LIMIT },
      schema: {
        tags,
        summary: 'A code for a display that wants to be a screen',
        security: [],
        response: { 201: envelope(openedPairing) },
      },
    },
    async (_request, reply) => reply.code(201).send({ data: await pairings.open() }),
  );

  app.post(
    '/screens/pairings/claim',
    {
      config: { rateLimit: CLAIM_RATE_LIMIT },
      schema: {
        tags,
        summary: 'Wait until the code was entered; the token of the new screen is only in this answer',
        security: [],
        body: pairingClaim,
        response: { 200: envelope(claimedPairing) },
      },
    },
    async (request, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const from = { address: request.ip, signal: gone.signal };
      const data = await pairings.claim(request.body.secret, from);
      if (data === null) throw new AppError('not_found');
      return { data };
    },
  );

  app.post(
    '/screens/renewal',
    {
      config: { rateLimit: RATE_LIMIT },
      schema: {
        tags,
        summary: 'A new token for a screen, in place of the one it comes with once it is used',
        response: { 200: envelope(renewedScreen) },
      },
    },
    async (request) => ({ data: { token: await screenTokens.renew(bearerOf(request), request.ip) } }),
  );
};
