import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from './errors.ts';

/** Below it every file's name holds its content's hash. */
const HASHED = `${sep}assets${sep}`;

/**
 * The built page. Assets are kept by browsers for a year, as their names change with their content; `index.html` is
 * asked for every time, so that a new build is seen at the next load. Addresses that the page itself
 * understands get `index.html`. Only files that exist at start have a route, so there is no path to climb out of [S73].
 */
export async function webPages(
  app: FastifyInstance,
  { root, basePath }: { root: string; basePath: string },
): Promise<void> {
  const index = join(root, 'index.html');
  if (!existsSync(index)) {
    app.get('/', { schema: { hide: true } }, async (_request, reply) =>
      reply.type('text/plain; charset=utf-8').send('The page is not built: npm start builds it.\n'),
    );
    return;
  }
  await app.register(fastifyStatic, {
    root,
    prefix: '/',
    wildcard: false,
    index: false,
    globIgnore: ['index.html', '**/.*'],
    cacheControl: false,
    setHeaders(reply, path) {
      const isHashed = path.includes(HASHED);
      reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });

  const html = withBase(readFileSync(index, 'utf8'), basePath);
  const page = async (_request: FastifyRequest, reply: FastifyReply) =>
    reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(html);
  app.get('/', { schema: { hide: true } }, page);
  app.get('/index.html', { schema: { hide: true } }, page);
  // Typed with a remote control, into browsers that do not all say what they accept.
  app.get('/tv', { schema: { hide: true } }, page);
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    if (!isPageAddress(request, basePath)) throw new AppError('not_found');
    return page(request, reply);
  });
}

/** Names the built page by its content; '' where there is none. */
export function pageBuild(root: string): string {
  const index = join(root, 'index.html');
  return existsSync(index)
    ? createHash('sha256').update(readFileSync(index)).digest('base64url').slice(0, 12)
    : '';
}

/** Addresses in the page are relative, so that one build serves below any path; `<base>` says below which. */
function withBase(html: string, basePath: string): string {
  return html.replace(/<head>/i, `<head>\n    <base href="${basePath}/">`);
}

/** A person going to a place in the page, not a program missing a file or trying its luck. */
function isPageAddress(request: FastifyRequest, basePath: string): boolean {
  if (!request.headers.accept?.includes('text/html')) return false;
  const path = request.url.split('?')[0]?.slice(basePath.length) ?? '';
  if (/^\/(?:api|ws|socket\.io|docs|metrics|healthz|readyz)(?:\/|$)/.test(path)) return false;
  // Decoded twice, as a careless server behind us would.
  const decoded = decode(decode(path));
  if (decoded === null || /[\\\0]/.test(decoded)) return false;
  const segments = decoded.split('/');
  return !segments.some((segment) => segment.startsWith('.')) && !/\.\w+$/.test(segments.at(-1) ?? '');
}

function decode(text: string | null): string | null {
  try {
    return text === null ? null : decodeURIComponent(text);
  } catch {
    return null;
  }
}
