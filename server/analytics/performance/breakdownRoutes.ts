import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { calledBackAnswer, calledBackQuery, calledBackRow } from '../../../shared/contract/calledBack.ts';
import { ON_TARGET_ROWS, onTargetAnswer, onTargetQuery } from '../../../shared/contract/onTarget.ts';
import { patternDaysAnswer, patternDaysQuery } from '../../../shared/contract/patternDays.ts';
import { SHORT_CALLS_ROWS, shortCallsAnswer, shortCallsQuery } from '../../../shared/contract/shortCalls.ts';
import { transfersAnswer, transfersQuery, transfersRow } from '../../../shared/contract/transfers.ts';
import type { Access } from '../../access/access.ts';
import type { Database } from '../../db/connect.ts';
import { type AnswerCache, createAnswerCache } from '../answerCache.ts';
import { createCentres } from '../centre.ts';
import { calledBack } from './calledBack.ts';
import { describedAs } from './described.ts';
import { onTarget } from './onTarget.ts';
import { patternDays } from './patternDays.ts';
import { createSend } from './send.ts';
import { shortCalls } from './shortCalls.ts';
import { transfers } from './transfers.ts';

/** What figures of performance are made of, looked at from one side each; as JSON or CSV as the others are. */
export const breakdownRoutes: FastifyPluginAsyncZod<{
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
      `${base}/pattern/days${suffix}`,
      described('One time of one weekday, day by day', patternDaysQuery, patternDaysAnswer),
      (request, reply) =>
        send(request, reply, {
          query: request.query,
          row: patternDaysAnswer.shape.data.element,
          answer: patternDays,
        }),
    );

    app.get(
      `${base}/short-calls${suffix}`,
      described(
        'Answered calls whose talk was over in less than 10 s, by queue or agent',
        shortCallsQuery,
        shortCallsAnswer,
      ),
      (request, reply) => {
        const { query } = request;
        return send(request, reply, { query, row: SHORT_CALLS_ROWS[query.groupBy], answer: shortCalls });
      },
    );

    app.get(
      `${base}/transfers${suffix}`,
      described('Where transferred calls went', transfersQuery, transfersAnswer),
      (request, reply) =>
        send(request, reply, { query: request.query, row: transfersRow, answer: transfers }),
    );

    app.get(
      `${base}/on-target${suffix}`,
      described('Of how many intervals the service level kept its target', onTargetQuery, onTargetAnswer),
      (request, reply) => {
        const { query } = request;
        return send(request, reply, { query, row: ON_TARGET_ROWS[query.groupBy], answer: onTarget });
      },
    );

    app.get(
      `${base}/called-back${suffix}`,
      described(
        'Abandoned callers who called again and were answered, by queue',
        calledBackQuery,
        calledBackAnswer,
      ),
      (request, reply) =>
        send(request, reply, { query: request.query, row: calledBackRow, answer: calledBack }),
    );
  }
};
