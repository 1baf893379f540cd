import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  agentAnswer,
  agentDay,
  agentDaysAnswer,
  agentRow,
  agentsAnswer,
  bucketRow,
  patternAnswer,
  patternRow,
  queueRow,
  sectorRow,
  sectorsAnswer,
  summaryAnswer,
  topAnswer,
  topRow,
  trendsAnswer,
  waitRow,
  waitsAnswer,
} from '../../../shared/contract/analytics.ts';
import {
  agentDaysQuery,
  agentQuery,
  agentsQuery,
  patternQuery,
  sectorsQuery,
  summaryQuery,
  topQuery,
  trendsQuery,
  waitsQuery,
} from '../../../shared/contract/analyticsQuery.ts';
import { explainAnswer, explainQuery } from '../../../shared/contract/explain.ts';
import { id } from '../../../shared/contract/ids.ts';
import type { Access } from '../../access/access.ts';
import type { Database } from '../../db/connect.ts';
import { wantsCsv } from '../answer.ts';
import { type AnswerCache, createAnswerCache } from '../answerCache.ts';
import { refusal } from '../asked.ts';
import { createCentres } from '../centre.ts';
import { agent } from './agent.ts';
import { agentDays } from './agentDays.ts';
import { agents } from './agents.ts';
import { describedAs } from './described.ts';
import { explain } from './explain.ts';
import { pattern } from './pattern.ts';
import { queues } from './queues.ts';
import { sectors } from './sectors.ts';
import { createSend } from './send.ts';
import { summary } from './summary.ts';
import { top } from './top.ts';
import { trends } from './trends.ts';
import { momentOfWaits, waits } from './waits.ts';

/** Performance in history, as JSON or, by `Accept` or with `.csv` after the address, as a file. */
export const performanceRoutes: FastifyPluginAsyncZod<{
  db: Database;
  access: Pick<Access, 'guard'>;
  cache?: AnswerCache;
  now?: () => number;
}> = async (app, { db, access, cache = createAnswerCache(), now = Date.now }) => {
  const send = createSend({ db, centres: createCentres(db), cache, now });
  const onRequest = access.guard('analytics:read');
  const base = '/analytics/performance';

  for (const suffix of ['', '.csv']) {
    const described = describedAs({ tag: 'analytics', onRequest, isFile: suffix !== '' });

    app.get(
      `${base}/summary${suffix}`,
      described('All metrics of a range of days', summaryQuery, summaryAnswer),
      (request, reply) =>
        send(request, reply, { query: request.query, row: summaryAnswer.shape.data, answer: summary }),
    );

    app.get(
      `${base}/sectors${suffix}`,
      described('All metrics of each sector, a page at a time', sectorsQuery, sectorsAnswer),
      (request, reply) => send(request, reply, { query: request.query, row: sectorRow, answer: sectors }),
    );

    app.get(
      `${base}/trends${suffix}`,
      described(
        'All metrics by interval, hour, day, week or month, or of each queue',
        trendsQuery,
        trendsAnswer,
      ),
      (request, reply) => {
        const { query } = request;
        const { groupBy } = query;
        return groupBy === 'queue'
          ? send(request, reply, { query, row: queueRow, answer: queues })
          : send(request, reply, {
              query,
              row: bucketRow,
              answer: (asked, of) => trends(asked, of, groupBy),
            });
      },
    );

    app.get(
      `${base}/pattern${suffix}`,
      described('All metrics by weekday and time of day', patternQuery, patternAnswer),
      (request, reply) => send(request, reply, { query: request.query, row: patternRow, answer: pattern }),
    );

    app.get(
      `${base}/waits${suffix}`,
      described('How long visits waited, by what became of them', waitsQuery, waitsAnswer),
      (request, reply) => {
        const { query } = request;
        const beside = momentOfWaits(query, now());
        return send(request, reply, { query, row: waitRow, beside, answer: waits });
      },
    );

    app.get(
      `${base}/agents${suffix}`,
      described('Agents who were there, a page at a time', agentsQuery, agentsAnswer),
      (request, reply) => {
        const { query } = request;
        if (query.line !== undefined && wantsCsv(request))
          throw refusal('line', 'must be left out: a file has no lines, which are of many steps');
        return send(request, reply, { query, row: agentRow, answer: agents });
      },
    );

    app.get(
      `${base}/top${suffix}`,
      described('Agents by one metric, the best or the worst first', topQuery, topAnswer),
      (request, reply) => send(request, reply, { query: request.query, row: topRow, answer: top }),
    );

    if (suffix !== '') continue; // An agent's id may end in anything, and an explanation is no table.
    app.get(
      `${base}/explain`,
      {
        onRequest,
        schema: {
          ...described('How one figure came about', explainQuery, explainAnswer).schema,
          produces: ['application/json'],
        },
      },
      (request, reply) => send(request, reply, { query: request.query, row: null, answer: explain }),
    );

    app.get(
      `${base}/agents/:id`,
      {
        onRequest,
        schema: {
          ...described('One agent, altogether and in each queue', agentQuery, agentAnswer).schema,
          params: z.object({ id }),
        },
      },
      (request, reply) =>
        send(request, reply, {
          query: request.query,
          row: agentRow,
          answer: (asked, query) => agent(asked, request.params.id, query),
        }),
    );

    app.get(
      `${base}/agents/:id/days`,
      {
        onRequest,
        schema: {
          ...described('One agent day by day, pauses by reason', agentDaysQuery, agentDaysAnswer).schema,
          params: z.object({ id }),
        },
      },
      (request, reply) =>
        send(request, reply, {
          query: request.query,
          row: agentDay.omit({ pauses: true }),
          answer: (asked, query) => agentDays(asked, request.params.id, query),
        }),
    );
  }
};
