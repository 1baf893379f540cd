import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { explainAnswer } from '../../../shared/contract/explain.ts';
import {
  calibrationAnswer,
  calibrationLine,
  calibrationRow,
  completionAnswer,
  completionRow,
  dueAnswer,
  dueRow,
  qualityAgentRow,
  qualityAgentsAnswer,
  qualityBucketRow,
  qualitySummaryAnswer,
  qualitySummary as qualitySummaryData,
  qualityTrendsAnswer,
  sampleAnswer,
  sampleRow,
  scoresAnswer,
} from '../../../shared/contract/quality.ts';
import {
  calibrationQuery,
  completionQuery,
  dueQuery,
  qualityAgentsQuery,
  qualityExplainQuery,
  qualityQuery,
  qualityTrendsQuery,
  sampleQuery,
  scoresQuery,
} from '../../../shared/contract/qualityQuery.ts';
import { scoreRow } from '../../../shared/contract/qualityScores.ts';
import type { Access } from '../../access/access.ts';
import { personOf } from '../../access/requestPrincipal.ts';
import type { Database } from '../../db/connect.ts';
import { type AnswerCache, createAnswerCache } from '../answerCache.ts';
import { createCentres } from '../centre.ts';
import { describedAs } from '../performance/described.ts';
import { createSend } from '../performance/send.ts';
import { qualityAgents } from './agents.ts';
import { calibration, linesOf } from './calibration.ts';
import { completion } from './completion.ts';
import { due } from './due.ts';
import { qualityExplain } from './explain.ts';
import { formRoutes } from './formRoutes.ts';
import { scoreList } from './list.ts';
import { sample } from './sample.ts';
import { scoreRoutes } from './scoreRoutes.ts';
import { qualitySummary } from './summary.ts';
import { qualityTrends } from './trends.ts';

/** Quality: what scores come to, as JSON or CSV as performance is; single scores; forms. For people, not for keys. */
export const qualityRoutes: FastifyPluginAsyncZod<{
  db: Database;
  access: Pick<Access, 'guard'>;
  cache?: AnswerCache;
  now?: () => number;
}> = async (app, { db, access, cache = createAnswerCache(), now = Date.now }) => {
  const centres = createCentres(db);
  const send = createSend({ db, centres, cache, now });
  const onRequest = access.guard('quality:read');
  const base = '/analytics/quality';

  for (const suffix of ['', '.csv']) {
    const described = describedAs({ tag: 'quality', onRequest, isFile: suffix !== '' });

    app.get(
      `${base}/summary${suffix}`,
      described(
        'Scores of a range of days, by criterion and by reviewer',
        qualityQuery,
        qualitySummaryAnswer,
      ),
      (request, reply) =>
        send(request, reply, { query: request.query, row: qualitySummaryData, answer: qualitySummary }),
    );

    app.get(
      `${base}/agents${suffix}`,
      described('Agents, their scores beside what they handled', qualityAgentsQuery, qualityAgentsAnswer),
      (request, reply) =>
        send(request, reply, { query: request.query, row: qualityAgentRow, answer: qualityAgents }),
    );

    app.get(
      `${base}/trends${suffix}`,
      described(
        'Scores by day, week or month, also of one criterion',
        qualityTrendsQuery,
        qualityTrendsAnswer,
      ),
      (request, reply) =>
        send(request, reply, { query: request.query, row: qualityBucketRow, answer: qualityTrends }),
    );

    app.get(
      `${base}/completion${suffix}`,
      described('Completion rate over time, also by queue or by agent', completionQuery, completionAnswer),
      (request, reply) =>
        send(request, reply, { query: request.query, row: completionRow, answer: completion }),
    );

    app.get(
      `${base}/calibration${suffix}`,
      described(
        'Calls that several have scored, and how far apart they are',
        calibrationQuery,
        calibrationAnswer,
      ),
      (request, reply) =>
        send(request, reply, {
          query: request.query,
          row: calibrationLine,
          linesOf: (row) => linesOf(calibrationRow.parse(row)),
          answer: calibration,
        }),
    );

    app.get(
      `${base}/sample${suffix}`,
      described('Calls to review', sampleQuery, sampleAnswer),
      (request, reply) =>
        send(request, reply, { query: request.query, row: sampleRow, isPaged: false, answer: sample }),
    );

    app.get(
      `${base}/due${suffix}`,
      described('Reviews of a month that are due and done, of each agent', dueQuery, dueAnswer),
      (request, reply) => send(request, reply, { query: request.query, row: dueRow, answer: due }),
    );

    app.get(
      `${base}/scores${suffix}`,
      described('Single scores, the newest calls first', scoresQuery, scoresAnswer),
      (request, reply) => {
        const { accountId } = personOf(request);
        return send(request, reply, {
          query: request.query,
          row: scoreRow,
          // Drafts are their reviewer's alone.
          beside: accountId,
          answer: (asked, query) => scoreList(asked, query, accountId),
        });
      },
    );

    if (suffix !== '') continue; // An explanation is no table.
    app.get(
      `${base}/explain`,
      described('How one figure of reviews came about', qualityExplainQuery, explainAnswer),
      (request, reply) => {
        const { accountId } = personOf(request);
        return send(request, reply, {
          query: request.query,
          row: null,
          // Drafts are their reviewer's alone, and so is how many there are.
          beside: accountId,
          answer: (asked, query) => qualityExplain(asked, query, accountId),
        });
      },
    );
  }

  await app.register(scoreRoutes, { db, access, centres });
  await app.register(formRoutes, { db, access });
};
