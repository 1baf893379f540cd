import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import type { Database } from '../db/connect.ts';
import { AppError } from './errors.ts';

const READY_WITHIN_MS = 2_000;

/**
 * For probes, without credentials: `/healthz` the process runs, `/readyz` it can serve (the database answers).
 * `/metrics` in Prometheus' text: for METRICS_TOKEN, or without one for this machine alone [S80].
 */
export async function healthRoutes(
  app: FastifyInstance,
  options: { db: Database; registry: Registry; metricsToken: string | null },
): Promise<void> {
  const { db, registry, metricsToken } = options;
  const schema = { hide: true };

  app.get('/healthz', { schema }, async () => ({ data: { status: 'ok' } }));

  app.get('/readyz', { schema }, async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new AppError('database_unavailable', { retryAfterSeconds: 2 })),
        READY_WITHIN_MS,
      );
    });
    await Promise.race([db.sql`select 1`, late]).finally(() => clearTimeout(timer));
    return { data: { status: 'ready' } };
  });

  app.get('/metrics', { schema }, async (request, reply) => {
    if (metricsToken === null ? !isLocal(request) : !presents(request, metricsToken)) {
      if (metricsToken !== null) throw new AppError('unauthorized');
      throw new AppError('forbidden', {
        message: 'Only this machine may read the metrics, until METRICS_TOKEN is set.',
      });
    }
    reply.type(registry.contentType);
    return registry.metrics();
  });
}

/** Not what a proxy on this machine passes on for somebody elsewhere. */
function isLocal(request: FastifyRequest): boolean {
  const { headers } = request;
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
  return /^(?:127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '');
}

function presents(request: FastifyRequest, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  // Of one length, so that comparing takes equally long whatever was given.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
