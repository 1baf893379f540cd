import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from './errors.ts';

/** A body that is kept in memory while it arrives must have arrived by then; streamed ones limit silence instead. */
const BODY_MS = 20_000;

/**
 * What a client may make us hold while it sends [S64]. Sizes: `bodyLimit`, 413. Time: a body that is parsed as a
 * whole, 408. Compressed bodies are refused: what one unpacks to would be beyond every limit.
 */
export function limitBodies(app: FastifyInstance, bodyMs = BODY_MS): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding === 'identity') done();
    else done(new AppError('unsupported_media', { message: 'Send the body without Content-Encoding.' }));
  });

  app.addHook('preParsing', (request, _reply, payload, done) => {
    if (!request.headers['content-type']?.startsWith('application/json') || !hasBody(request)) {
      done(null, payload);
      return;
    }
    // Told as the reader of a body is told of its end; destroying it would take the connection, and the answer with it.
    const timer = setTimeout(() => payload.emit('error', new AppError('timeout')), bodyMs);
    const stop = (): void => clearTimeout(timer);
    // A request answered before its body is read (413, 415) leaves nobody else to hear of the deadline.
    payload.once('end', stop).once('close', stop).on('error', stop);
    done(null, payload);
  });
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
