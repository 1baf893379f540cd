import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AddressCaps } from './addressCaps.ts';
import { clientAddress, networkOf } from './clientAddress.ts';

/**
 * Every WebSocket upgrade comes through here, once, and goes to the transport its path names. Left to themselves the
 * two would fight over them: @fastify/websocket answers 404 to Socket.IO's, and Engine.IO destroys the other's.
 *
 * Refused before any transport sees them: pages of other sites [S20], tokens in the address, where every proxy would
 * log them [S22], paths nobody serves, and connections beyond what we can hold [L13] or one address may [S28].
 */
export interface UpgradeRoute {
  /** Ending in a slash: everything below it. */
  path: string;
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export function dispatchUpgrades(
  server: Server,
  options: {
    routes: readonly UpgradeRoute[];
    trustProxy: boolean | string;
    hasRoom(): boolean;
    caps: AddressCaps;
    /** Somebody was refused because of his address. */
    onCapped(network: string): void;
  },
): void {
  const addressOf = clientAddress(options.trustProxy);
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy()); // Nobody else listens until a transport has taken over.
    const url = parse(request.url ?? '', 'http://callboard');
    const route = url && options.routes.find(({ path }) => matches(path, url.pathname));
    if (!route) refuse(socket, '404 Not Found');
    else if (!isOwnOrigin(request, options.trustProxy !== false)) refuse(socket, '403 Forbidden');
    else if (hasToken(url.searchParams)) refuse(socket, '400 Bad Request');
    else if (!options.hasRoom()) refuse(socket, '503 Service Unavailable', 'Retry-After: 10\r\n');
    else {
      const network = networkOf(addressOf(request));
      if (!options.caps.enter(network)) {
        options.onCapped(network);
        refuse(socket, '429 Too Many Requests', 'Retry-After: 10\r\n');
        return;
      }
      socket.once('close', () => options.caps.leave(network));
      route.handle(request, socket, head);
    }
  });
}

function matches(path: string, pathname: string): boolean {
  return path.endsWith('/') ? pathname.startsWith(path) : pathname === path;
}

/** Only browsers send an Origin, and theirs cannot be forged by a page: it must be the site the request is for. */
function isOwnOrigin(request: IncomingMessage, trustsProxy: boolean): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  const forwarded = trustsProxy ? request.headers['x-forwarded-host'] : undefined;
  const host =
    (typeof forwarded === 'string' ? forwarded.split(',')[0]?.trim() : undefined) ?? request.headers.host;
  const from = parse(origin);
  if (!from || host === undefined) return false;
  // Written under the origin's scheme, so that a default port is dropped on both sides.
  return parse(`${from.protocol}//${host}`)?.host === from.host && from.host !== '';
}

function parse(text: string, base?: string): URL | null {
  return URL.canParse(text, base) ? new URL(text, base) : null;
}

function hasToken(query: URLSearchParams): boolean {
  return [...query.keys()].some((name) => /token|authorization|api_?key/i.test(name));
}

function refuse(socket: Duplex, status: string, headers = ''): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n${headers}\r\n`);
}
