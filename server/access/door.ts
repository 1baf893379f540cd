import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { limitRates } from '../http/limitRates.ts';

/** What routes stand on that sign somebody in: cookies, and a limit on how often by address. */
export async function equipDoor(app: FastifyInstance): Promise<void> {
  await app.register(cookie);
  await limitRates(app);
}
