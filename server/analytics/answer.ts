import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nameOfSight } from '../access/principal.ts';
import type { AnswerCache } from './answerCache.ts';
import { answerText } from './answerText.ts';
import { type Asked, type RangeQuery, rangeOf } from './asked.ts';
import { DAY_MS, INTERVAL_MS } from './calendar.ts';
import { isRecounting } from './performance/summary.ts';

/** How an answer of history travels: kept by whoever asked, and asked for again only once something has changed. */

/** A step that has not ended becomes whole by time alone. */
const STEP_MS = INTERVAL_MS;

/** What was asked, and how it is answered; `beside`: what the answer depends on beside what a centre's versions say. */
interface Question {
  route: string;
  query: object;
  beside?: string;
}

/** One question of one tenant by one sight [S48]: who has another of these has another answer. */
function slotOf({ centre, sight }: Asked, { route, query }: Question): string {
  const parameters = Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([centre.tenantId, nameOfSight(sight), route, parameters]);
}

/**
 * Names an answer as an ETag: equal as long as the answer is, while neither settings nor roll-ups, nor since when facts are
 * kept, nor what is still to be taken in have changed. Weak: the same numbers, not the same bytes.
 */
export function versionOf(asked: Asked, question: Question & { query: RangeQuery }): string {
  const { centre, now } = asked;
  const { settingsVersion, version, factsSince, seq, headSeq } = centre.checkpoint;
  const { to } = rangeOf(centre, question.query).range;
  // First contacts are counted so many days late [H4], and so long an abandoned caller may still call again [V12].
  const settlesAt = to + centre.settings.firstContactDays * DAY_MS + STEP_MS;
  // How far behind it is grows by the clock, and while waits are read in place of counts so do those who wait.
  const readsWaits = isRecounting(centre) || (hasOwnThresholds(question.query) && to + DAY_MS > now);
  const isMoving = seq < headSeq || readsWaits;
  const moment = isMoving ? Math.floor(now / 1_000) : settlesAt <= now ? null : Math.floor(now / STEP_MS);
  const text = JSON.stringify([
    slotOf(asked, question),
    [settingsVersion, version, factsSince, seq, headSeq],
    moment,
    question.beside ?? null,
  ]);
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** Roll-ups are stamped with the tenant's own: by others, whoever waits is looked at again at every question. */
function hasOwnThresholds(query: object): boolean {
  return ['threshold', 'shortAbandon'].some((name) => Reflect.get(query, name) !== undefined);
}

/** Answers as JSON with what is kept, or with nothing where the client has it already. */
export async function sendKept(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    cache,
    asked,
    question,
  }: { cache: AnswerCache; asked: Asked; question: Question & { query: RangeQuery } },
  make: () => Promise<{ data: object; meta: object }>,
): Promise<FastifyReply> {
  const version = versionOf(asked, question);
  if (isKnown(request, reply, version)) return reply.code(304).send();
  const body = await cache.answer(slotOf(asked, question), version, async () => answerText(await make()));
  // Written by us: to check a year of hours against its schema takes longer than to read it.
  return reply.type('application/json; charset=utf-8').send(body);
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
