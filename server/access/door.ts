import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { limitRates } from '../http/limitRates.ts';

/** From one address, where no route says otherwise: a whole team may open its invitations in one office on one morning. */
export const DOOR_RATE_LIMIT = { max: 60, timeWindow: 60_000 };

/** What routes stand on that sign somebody in: cookies, and a limit on how often by address. */
export async function equipDoor(app: FastifyInstance): Promise<void> {
  await app.register(cookie);
  await limitRates(app);
}
