import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  envelope,
  liveAgents,
  liveCalls,
  liveHealth,
  liveListQuery,
  liveMetrics,
  liveQuery,
  liveQueues,
  liveQueuesQuery,
} from '../../shared/contract/rest.ts';
import type { Access } from '../access/access.ts';
import { sightOf } from '../access/principal.ts';
import type { History } from '../history/history.ts';
import type { Live } from './live.ts';

/** Live numbers by request: the same as on the wire, now or as of any past instant [L14]. */
export const liveRoutes: FastifyPluginAsyncZod<{
  live: Live;
  history: Pick<History, 'health'>;
  access: Access;
}> = async (app, { live, history, access }) => {
  const onRequest = access.guard('live:read');
  const tags = ['live'];

  app.get(
    '/metrics/live',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Totals, sectors and queues',
        querystring: liveQuery,
        response: { 200: envelope(liveMetrics) },
      },
    },
    async ({ principal, query }) => {
      const data = await live.answer(principal.tenantId, sightOf(principal), query);
      return { data, meta: { seq: data.seq } };
    },
  );

  // Where the issue puts them and, for those who follow /metrics/live, below it.
  for (const base of ['/live', '/metrics/live']) {
    const hide = base !== '/live';

    app.get(
      `${base}/queues`,
      {
        onRequest,
        schema: {
          tags,
          hide,
          summary: 'Queues, a page at a time',
          querystring: liveQueuesQuery,
          response: { 200: envelope(liveQueues) },
        },
      },
      async ({ principal, query }) => {
        const { data, nextCursor } = await live.queues(principal.tenantId, sightOf(principal), query);
        return { data, meta: { seq: data.seq, nextCursor } };
      },
    );

    app.get(
      `${base}/agents`,
      {
        onRequest,
        schema: {
          tags,
          hide,
          summary: 'Agents and their state, a page at a time',
          querystring: liveListQuery,
          response: { 200: envelope(liveAgents) },
        },
      },
      async ({ principal, query }) => {
        const { data, nextCursor } = await live.agents(principal.tenantId, sightOf(principal), query);
        return { data, meta: { seq: data.seq, nextCursor } };
      },
    );

    app.get(
      `${base}/calls`,
      {
        onRequest,
        schema: {
          tags,
          hide,
          summary: 'Calls that wait or talk, a page at a time',
          querystring: liveListQuery,
          response: { 200: envelope(liveCalls) },
        },
      },
      async ({ principal, query }) => {
        const { data, nextCursor } = await live.calls(principal.tenantId, sightOf(principal), query);
        return { data, meta: { seq: data.seq, nextCursor } };
      },
    );

    app.get(
      `${base}/health`,
      {
        onRequest,
        schema: {
          tags,
          hide,
          summary: 'Database, listener, feed, sources, sockets, memory',
          response: { 200: envelope(liveHealth) },
        },
      },
      async ({ principal: { tenantId } }) => {
        const past = await history.health(tenantId).catch(() => null);
        return { data: { ...live.health(tenantId), history: past } };
      },
    );
  }
};
