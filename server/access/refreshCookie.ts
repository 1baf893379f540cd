import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../http/errors.ts';
import { type Device, REFRESH_TOKEN_SECONDS } from './refreshTokens.ts';

/** The cookie that keeps a browser signed in: what every way of signing in ends with. */

const COOKIE = 'callboard_refresh';

/** Sent to nothing but the routes that read it. */
export function cookiePath(basePath: string): string {
  return `${basePath}/api/v1/sessions`;
}

export function refreshTokenOf(request: FastifyRequest): string | undefined {
  return request.cookies[COOKIE];
}

export function keepSignedIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { basePath, refreshToken }: { basePath: string; refreshToken: string },
): void {
  reply.setCookie(COOKIE, refreshToken, {
    path: cookiePath(basePath),
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
    maxAge: REFRESH_TOKEN_SECONDS,
  });
  reply.header('cache-control', 'no-store');
}

export function forgetSignedIn(reply: FastifyReply, basePath: string): void {
  reply.clearCookie(COOKIE, { path: cookiePath(basePath) });
}

/** What a browser says of itself may be anything: printable, and no longer than anybody reads. */
export function deviceOf(request: FastifyRequest): Device {
  const userAgent = (request.headers['user-agent'] ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, 256);
  return { userAgent, address: request.ip };
}

/**
 * Refuses what a page of another site makes a browser send along with its cookies [S75]. SameSite=Strict keeps them
 * back already, but takes other ports and subdomains for the same site.
 */
export async function sameSite(request: FastifyRequest): Promise<void> {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === request.host);
  if (isOwn && (site === undefined || site === 'same-origin' || site === 'none')) return;
  throw new AppError('forbidden', { message: 'Another site asked for this.' });
}
