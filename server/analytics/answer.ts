import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nameOfSight } from '../access/principal.ts';
import { type Asked, type RangeQuery, rangeOf } from './asked.ts';
import { DAY_MS, INTERVAL_MS } from './calendar.ts';

/** How an answer of history travels: kept by whoever asked, and asked for again only once something has changed. */

/** A step that has not ended becomes whole by time alone. */
const STEP_MS = INTERVAL_MS;

/**
 * Equal as long as the answer is: for one question of one tenant by one sight [S48], while neither settings nor roll-ups
 * nor what is still to be taken in have changed. Weak: the same numbers, not the same bytes.
 */
export function etagOf(asked: Asked, route: string, query: RangeQuery): string {
  const { centre, sight, now } = asked;
  const { settingsVersion, version, seq, headSeq } = centre.checkpoint;
  // First contacts are counted so many days late [H4].
  const settlesAt = rangeOf(centre, query).range.to + centre.settings.firstContactDays * DAY_MS;
  const isOver = settlesAt + STEP_MS <= now;
  const text = JSON.stringify([
    centre.tenantId,
    nameOfSight(sight),
    [settingsVersion, version, seq, headSeq],
    isOver ? null : Math.floor(now / STEP_MS),
    route,
    Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** Names the answer; true when whoever asks has it already, and is to be told no more than that. */
export function isKnown(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  reply.header('etag', etag);
  reply.header('cache-control', 'private, no-cache');
  reply.header('vary', 'accept, authorization');
  const known = request.headers['if-none-match'];
  return known?.split(',').some((one) => [etag, '*'].includes(one.trim())) ?? false;
}

/** By the suffix of the address, or as the client prefers. */
export function wantsCsv(request: FastifyRequest): boolean {
  if (request.routeOptions.url?.endsWith('.csv')) return true;
  const kinds = (request.headers.accept ?? '').split(',').map((kind) => {
    const [type = '', ...parameters] = kind.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, q: q === undefined ? 1 : Number(q.slice(2)) || 0 };
  });
  const of = (...types: string[]) =>
    Math.max(0, ...kinds.filter(({ type }) => types.includes(type)).map(({ q }) => q));
  return of('text/csv') > of('application/json', 'application/*', '*/*');
}
