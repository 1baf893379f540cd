import { randomUUID } from 'node:crypto';
import compress from '@fastify/compress';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
  type RouteOptions,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Access } from './access/access.ts';
import { auditRoutes } from './access/audit/auditRoutes.ts';
import { equipDoor } from './access/door.ts';
import { keyRoutes } from './access/keys/keyRoutes.ts';
import { acceptanceRoutes } from './access/people/acceptanceRoutes.ts';
import { invitationRoutes } from './access/people/invitationRoutes.ts';
import { passwordResetRoutes } from './access/people/passwordResetRoutes.ts';
import { peopleRoutes } from './access/people/peopleRoutes.ts';
import { decoratePrincipal } from './access/requestPrincipal.ts';
import { pairingRoutes } from './access/screens/pairingRoutes.ts';
import { screenRoutes } from './access/screens/screenRoutes.ts';
import { accountRoutes } from './access/sessions/accountRoutes.ts';
import { sessionRoutes } from './access/sessions/sessionRoutes.ts';
import { createProvider } from './access/sso/provider.ts';
import { ssoRoutes } from './access/sso/ssoRoutes.ts';
import { createAnswerCache } from './analytics/answerCache.ts';
import { callRoutes } from './analytics/calls/callRoutes.ts';
import { legRoutes } from './analytics/calls/legRoutes.ts';
import { dashboardRoutes } from './analytics/dashboard/dashboardRoutes.ts';
import { importerHealthRoutes } from './analytics/health/healthRoutes.ts';
import { breakdownRoutes } from './analytics/performance/breakdownRoutes.ts';
import { performanceRoutes } from './analytics/performance/routes.ts';
import { qualityRoutes } from './analytics/quality/routes.ts';
import { reconciliationRoutes } from './analytics/reconciliation/reconciliationRoutes.ts';
import type { Config } from './config.ts';
import type { Database } from './db/connect.ts';
import type { History } from './history/history.ts';
import { answerErrors, zodValidator } from './http/errorAnswers.ts';
import { healthRoutes } from './http/healthRoutes.ts';
import { limitBodies } from './http/limits.ts';
import { describeRoutes, docsRoutes } from './http/openapi.ts';
import { securityHeaders } from './http/securityHeaders.ts';
import { measureRequests } from './http/telemetry.ts';
import { pageBuild, webPages } from './http/webPages.ts';
import { importRoutes } from './ingest/imports/importRoutes.ts';
import type { Ingest } from './ingest/ingest.ts';
import { ingestRoutes } from './ingest/routes.ts';
import type { Live } from './live/live.ts';
import { liveRoutes } from './live/routes.ts';
import type { Setup } from './platform/setup.ts';
import { setupRoutes } from './platform/setupRoutes.ts';
import type { Sweeper } from './platform/sweeper.ts';
import { tenantRoutes } from './platform/tenantRoutes.ts';
import { createTenants } from './platform/tenants.ts';
import { WEB_ROOT } from './root.ts';
import { settingsRoutes } from './settings/routes.ts';
import { createSettings } from './settings/settings.ts';

/** Everything the routes stand on, started by main.ts or by a test. */
export interface Parts {
  config: Pick<Config, 'basePath' | 'trustProxy' | 'metricsToken' | 'publicUrl' | 'sso'>;
  log: Logger;
  db: Database;
  access: Access;
  ingest: Ingest;
  live: Live;
  history: Pick<History, 'health'>;
  setup: Setup;
  sweeper: Pick<Sweeper, 'wake'>;
  registry: Registry;
  /** Where the built page is. */
  webRoot?: string;
  /** Told of every route, for the tests that walk them all. */
  onRoute?: (route: RouteOptions) => void;
}

/** Bodies of ordinary requests are forms; routes that take more say so. */
const BODY_LIMIT = 64 * 1024;

/** The HTTP side, ready to listen or to be asked by `inject`: every route is registered here, in this order. */
export async function buildApp(parts: Parts): Promise<FastifyInstance> {
  const { config, access, ingest, live, db, registry, onRoute } = parts;
  const { basePath, trustProxy } = config;
  const webRoot = parts.webRoot ?? WEB_ROOT;
  const logger: FastifyBaseLogger = parts.log;
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    // Durations are in the metrics, failures are logged where they are answered.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    trustProxy,
    genReqId: () => randomUUID(),
    // Ids hold anything up to 128 characters, and most of them may be percent-encoded.
    routerOptions: { maxParamLength: 512 },
    http: { maxHeaderSize: 16_384, headersTimeout: 15_000, connectionsCheckingInterval: 5_000 },
    // Idle connections are cut when closing; sockets have said goodbye by then.
    forceCloseConnections: 'idle',
  });
  app.setValidatorCompiler(zodValidator);
  app.setSerializerCompiler(serializerCompiler);
  if (onRoute) app.addHook('onRoute', onRoute);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  answerErrors(app);
  decoratePrincipal(app);
  measureRequests(app, registry);
  limitBodies(app);
  await securityHeaders(app);
  await describeRoutes(app, { basePath });
  live.attach(app);

  const health = { db, registry, metricsToken: config.metricsToken };
  await app.register(healthRoutes, health);
  // Probes come past the proxy as often as through it.
  if (basePath !== '') await app.register(healthRoutes, { prefix: basePath, ...health });

  await app.register(
    async (api) => {
      // Answers are of one moment and for one person.
      api.addHook('onSend', (_request, reply, payload, done) => {
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
        done(null, payload);
      });
      await api.register(async (door) => {
        await equipDoor(door);
        await door.register(sessionRoutes, { access, basePath, sso: config.sso });
        await door.register(acceptanceRoutes, { access, basePath });
        await door.register(passwordResetRoutes, { access });
        if (config.sso) {
          const provider = createProvider(config.sso);
          await door.register(ssoRoutes, {
            access,
            db,
            log: parts.log,
            config: config.sso,
            provider,
            basePath,
            publicUrl: config.publicUrl,
          });
        }
        await door.register(setupRoutes, { setup: parts.setup, access, basePath });
      });
      await api.register(keyRoutes, { access });
      await api.register(accountRoutes, { access });
      await api.register(peopleRoutes, { access });
      await api.register(invitationRoutes, { access });
      await api.register(pairingRoutes, { access });
      await api.register(screenRoutes, { access, build: pageBuild(webRoot) });
      await api.register(auditRoutes, { access, db });
      await api.register(tenantRoutes, { tenants: createTenants(parts), access });
      await api.register(ingestRoutes, { ingest, access });
      await api.register(importRoutes, { db, access });
      await api.register(liveRoutes, { live, history: parts.history, access });
      const cache = createAnswerCache();
      await api.register(performanceRoutes, { db, access, cache });
      await api.register(breakdownRoutes, { db, access, cache });
      await api.register(dashboardRoutes, { db, access, cache });
      await api.register(qualityRoutes, { db, access, cache });
      await api.register(callRoutes, { access, db });
      await api.register(legRoutes, { access, db });
      await api.register(importerHealthRoutes, { access, db });
      await api.register(reconciliationRoutes, { access, db });
      const settings = createSettings(db, ingest.settingsChanged);
      await api.register(settingsRoutes, { settings, access });
    },
    { prefix: `${basePath}/api/v1` },
  );
  await app.register(
    async (pages) => {
      // Only what anybody may read: compressing secrets beside a caller's input would leak them.
      await pages.register(compress, { encodings: ['gzip', 'deflate'], threshold: 1_024 });
      await pages.register(webPages, { root: webRoot, basePath });
      await pages.register(docsRoutes);
    },
    { prefix: basePath },
  );
  return app;
}
