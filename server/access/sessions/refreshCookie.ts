import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../http/errors.ts';
import { type Device, REFRESH_TOKEN_SECONDS } from './refreshTokens.ts';

/**
 * The cookie that keeps a browser signed in: what every way of signing in ends with. Over https its name begins with
 * `__Host-`, by which browsers promise that this host has set it, securely, and no other subdomain nor a plain page of
 * the same name. On a LAN without TLS it goes by its plain name, which is also read over https once more: sessions of an
 * earlier release, or of before there was TLS, go on under the new one.
 */

const PLAIN_NAME = 'callboard_refresh';

/** The prefix demands the path `/`: what lies below another path of this host is told apart by name. */
function secureName(basePath: string): string {
  return `__Host-${PLAIN_NAME}${basePath.replaceAll(/[^\w-]/g, '_')}`;
}

/** Sent to nothing but the routes that read it. */
export function cookiePath(basePath: string): string {
  return `${basePath}/api/v1/sessions`;
}

export function refreshTokenOf(request: FastifyRequest): string | undefined {
  const plain = request.cookies[PLAIN_NAME];
  if (request.protocol !== 'https') return plain;
  const basePath = request.url.split('/api/v1/')[0] ?? '';
  return request.cookies[secureName(basePath)] ?? plain;
}

let isWarned = false;
const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/** Once: somebody on the way could read it along, and every token with it. */
function warnOfPlainHttp(request: FastifyRequest): void {
  if (isWarned || LOOPBACK.test(request.ip)) return;
  isWarned = true;
  request.log.warn('session:without_tls');
}

export function keepSignedIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { basePath, refreshToken }: { basePath: string; refreshToken: string },
): void {
  const common = { httpOnly: true, sameSite: 'strict', maxAge: REFRESH_TOKEN_SECONDS } as const;
  if (request.protocol === 'https') {
    reply.setCookie(secureName(basePath), refreshToken, { ...common, path: '/', secure: true });
    if (PLAIN_NAME in request.cookies) reply.clearCookie(PLAIN_NAME, { path: cookiePath(basePath) });
  } else {
    warnOfPlainHttp(request);
    reply.setCookie(PLAIN_NAME, refreshToken, { ...common, path: cookiePath(basePath) });
  }
  reply.header('cache-control', 'no-store');
}

export function forgetSignedIn(reply: FastifyReply, basePath: string): void {
  reply.clearCookie(PLAIN_NAME, { path: cookiePath(basePath) });
  reply.clearCookie(secureName(basePath), { path: '/', secure: true });
}

/** What a browser says of itself may be anything: printable, and no longer than anybody reads. */
export function deviceOf(request: FastifyRequest): Device {
  const userAgent = (request.headers['user-agent'] ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, 256);
  return { userAgent, address: request.ip, requestId: request.id };
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
