import { PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { AppError } from './errors.ts';

/** A body that is kept in memory while it arrives must have arrived by then; streamed ones limit silence instead. */
const BODY_MS = 20_000;

/**
 * What a client may make us hold while it sends [S64]. Sizes: `bodyLimit`, 413. Time: a body that is parsed as a
 * whole, 408. Compressed bodies are refused: what one unpacks to would be beyond every limit.
 */
export function limitBodies(app: FastifyInstance, bodyMs = BODY_MS): void {
  app.addHook('onRequest', async (request) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') {
      throw new AppError('unsupported_media', { message: 'Send the body without Content-Encoding.' });
    }
  });

  app.addHook('preParsing', async (request, _reply, payload) => {
    if (!request.headers['content-type']?.startsWith('application/json')) return payload;
    const body = new PassThrough();
    const timer = setTimeout(() => body.destroy(new AppError('timeout')), bodyMs);
    // A request answered before its body is read (413, 415) leaves nobody else to hear of the deadline.
    body.on('error', () => {});
    const stop = (): void => clearTimeout(timer);
    payload
      .once('end', stop)
      .once('close', stop)
      .once('error', (error) => body.destroy(error));
    return payload.pipe(body);
  });
}
