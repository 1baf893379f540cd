import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { BATCH_BYTES_LIMIT, BATCH_LIMIT, ingestEvent } from '../../shared/contract/events.ts';
import { id } from '../../shared/contract/ids.ts';
import { envelope, ingestAnswer } from '../../shared/contract/rest.ts';
import type { Access } from '../access/access.ts';
import { actorOf } from '../access/audit/audit.ts';
import { cursorOf, parseCursor } from '../db/instantCursor.ts';
import { AppError } from '../http/errors.ts';
import { isTimeZone } from './asterisk/localTime.ts';
import type { Ingest } from './ingest.ts';
import { withIdleLimit } from './streams.ts';

/** What the body must look like; the events themselves are checked one by one, so that each problem names its place. */
const eventsRequest = z.strictObject({
  events: z.array(z.unknown()).min(1, 'must hold at least one event'),
  partial: z.boolean().default(false),
});
const documentedRequest = eventsRequest.extend({ events: z.array(ingestEvent).min(1).max(BATCH_LIMIT) });

const importQuery = z.strictObject({
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be an IANA time zone, e.g. Europe/Berlin')
    .default('UTC'),
  source: id.default('asterisk'),
  name: id.default('upload'),
  follow: z.stringbool().default(false),
});

const rejectionsQuery = z.strictObject({
  importId: z.uuid().optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
const keptRejections = z.object({
  rejections: z.array(
    z.object({
      id: z.uuid(),
      importId: z.uuid().nullable(),
      source: z.string(),
      index: z.number().int().nullable(),
      line: z.number().int().nullable(),
      field: z.string(),
      message: z.string(),
      raw: z.string(),
      createdAt: z.iso.datetime(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

/** A sender that says nothing for this long is gone. */
const IDLE_MS = 30_000;

export async function ingestRoutes(
  instance: FastifyInstance,
  { ingest, access, idleMs = IDLE_MS }: { ingest: Ingest; access: Pick<Access, 'guard'>; idleMs?: number },
): Promise<void> {
  const app = instance.withTypeProvider<ZodTypeProvider>();

  app.post(
    '/events',
    {
      onRequest: access.guard('events:write'),
      bodyLimit: BATCH_BYTES_LIMIT,
      schema: { body: documentedRequest, response: { 200: envelope(ingestAnswer) } },
      // The documented schema is not run: a thousand events are checked once, by `receive`.
      validatorCompiler: () => (value) => ({ value }),
    },
    async (request) => {
      const { events, partial } = readEvents(request.body);
      const data = await ingest.receive(tenantOf(request), { events, partial });
      return { data, meta: { seq: data.lastSeq } };
    },
  );

  app.get(
    '/ingest/rejections',
    {
      onRequest: access.guard('events:write'),
      schema: { querystring: rejectionsQuery, response: { 200: envelope(keptRejections) } },
    },
    async (request) => {
      const { cursor, importId = null, limit } = request.query;
      const after = cursor === undefined ? null : parseCursor(cursor);
      if (cursor !== undefined && after === null) {
        throw new AppError('bad_request', {
          issues: [{ path: 'cursor', message: 'must be one this list gave' }],
        });
      }
      const rejections = await ingest.rejections(tenantOf(request), { after, importId, limit });
      const last = rejections.length === limit ? rejections.at(-1) : undefined;
      return {
        data: {
          rejections,
          nextCursor: last === undefined ? null : cursorOf({ at: last.createdAt, id: last.id }),
        },
      };
    },
  );

  await app.register(async (imports) => {
    // Bodies of logs are handed on as streams, so their size has no limit and takes no memory.
    imports.addContentTypeParser(['text/plain', 'application/x-ndjson'], (_request, payload, done) =>
      done(null, payload),
    );
    imports.withTypeProvider<ZodTypeProvider>().post(
      '/imports/asterisk',
      {
        onRequest: access.guard('events:write'),
        // For rows as a JSON list, which is parsed whole; streams have no limit.
        bodyLimit: BATCH_BYTES_LIMIT,
        schema: { querystring: importQuery, response: { 200: envelope(ingestAnswer) } },
      },
      async (request, reply) => {
        // Where the answer comes before the end of the body, the rest of it is not waited for.
        reply.header('connection', 'close');
        const { timeZone, source, name, follow } = request.query;
        const { body } = request;
        const isLines = request.headers['content-type']?.startsWith('text/plain') === true;
        const data = await ingest.importAsterisk(
          {
            tenantId: tenantOf(request),
            by: actorOf(request),
            source,
            timeZone,
            name,
            format: isLines ? 'lines' : 'rows',
            isFollowed: follow,
          },
          Array.isArray(body) ? rowsAsLines(body) : withIdleLimit(streamOf(body), idleMs),
        );
        reply.removeHeader('connection');
        return { data, meta: { seq: data.lastSeq } };
      },
    );
  });
}

function readEvents(body: unknown): z.output<typeof eventsRequest> {
  const parsed = eventsRequest.safeParse(body);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({
      path: path.join('.') || 'body',
      message,
    }));
    throw new AppError('bad_request', { issues });
  }
  if (parsed.data.events.length > BATCH_LIMIT) {
    throw new AppError('too_large', { message: `Send at most ${BATCH_LIMIT} events a request.` });
  }
  return parsed.data;
}

function tenantOf(request: FastifyRequest): string {
  return request.principal.tenantId;
}

async function* rowsAsLines(rows: unknown[]): AsyncGenerator<Uint8Array> {
  for (const row of rows) yield Buffer.from(`${JSON.stringify(row)}\n`);
}

/** The stream our parsers hand on; none where the request had no body, or one of another type. */
function streamOf(body: unknown): AsyncIterable<Uint8Array> {
  if (typeof body === 'object' && body !== null && Symbol.asyncIterator in body) {
    // Narrowed above; what it yields is what Node's requests yield.
    return body as AsyncIterable<Uint8Array>;
  }
  throw new AppError('bad_request', {
    message:
      'Send the queue_log as text/plain, or rows of its table as application/x-ndjson or a JSON array.',
  });
}
