import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TransactionSql } from 'postgres';
import type { z } from 'zod';
import type { HealthWarning } from '../../../shared/contract/importerHealth.ts';
import { sightOf } from '../../access/principal.ts';
import type { Database } from '../../db/connect.ts';
import { sendCsv } from '../../http/csv.ts';
import { isKnown, sendKept, versionOf, wantsCsv } from '../answer.ts';
import type { AnswerCache } from '../answerCache.ts';
import { isOfRows } from '../answerText.ts';
import { type Asked, askBeside, type RangeQuery, rangeOf } from '../asked.ts';
import { dateAt } from '../calendar.ts';
import type { Centres } from '../centre.ts';
import { cellsOf, columnsOf } from '../csvRows.ts';
import { readWarnings } from '../health/health.ts';
import { JoinedRow } from '../joinedRow.ts';
import { queueScope } from '../scope.ts';

/** What an address answers: one object or a page of rows, which may be made as they are read. */
interface Answer {
  data: object | Iterable<object>;
  meta: object;
}

type Query = RangeQuery & {
  queue?: string[];
  sector?: string[];
  agent?: string[] | string | undefined;
  cursor?: string | undefined;
  limit?: number;
  compare?: unknown;
};

/** How one address answers: `row` is the shape of what it lists, or of the one object; null: it is no table, and never a file. */
export interface Answering<Q extends Query> {
  query: Q;
  row: z.ZodObject | null;
  /** The lines of a file that a row is; left out: one, the row itself. */
  linesOf?: (row: object) => readonly object[];
  /** False: `limit` is how many are wanted, and no size of a page, of which a file takes all. */
  isPaged?: boolean;
  /** What the answer depends on beside question, sight and what is stored: who asks, perhaps. */
  beside?: string;
  answer: (asked: Asked, query: Q) => Promise<Answer>;
}

/** Rows of a page where a file takes all of them. */
const FILE_PAGE = 500;

export type Send = <Q extends Query>(
  request: FastifyRequest,
  reply: FastifyReply,
  answering: Answering<Q>,
) => Promise<FastifyReply>;

/** Answers as JSON, as CSV with all of its pages, or with nothing where the client has it already. */
export function createSend({
  db,
  centres,
  cache,
  now,
}: {
  db: Database;
  centres: Centres;
  cache: AnswerCache;
  now: () => number;
}): Send {
  return async (
    request,
    reply,
    { query, row, linesOf = (one) => [one], isPaged = true, beside = '', answer },
  ) => {
    const { principal } = request;
    const centre = await centres.read(principal.tenantId);
    const asked = { db, centre, sight: sightOf(principal), now: now() };
    const isCsv = row !== null && wantsCsv(request);
    const path = request.url.split('?')[0] ?? '';
    const question = { route: `${isCsv ? 'csv' : 'json'} ${path}`, query, beside };
    if (!isCsv) {
      return sendKept(request, reply, { cache, asked, question }, async () => {
        const warnings = askBeside(asked, (tx) => warningsOf(tx, asked, query));
        const { data, meta } = await answer(warnings.asking, query);
        return { data, meta: { ...meta, warnings: await warnings.answer() } };
      });
    }
    if (isKnown(request, reply, versionOf(asked, question))) return reply.code(304).send();
    const columns = columnsOf(row, query.compare === undefined ? [] : ['previous']);
    return sendCsv(
      reply,
      { name: fileName(path, query), columns },
      pages(asked, query, columns, { answer, linesOf, isPaged }),
    );
  };
}

/** How well the days and queues in question were told. Where agents are listed, a sector is theirs and not the queues'. */
async function warningsOf(tx: TransactionSql, asked: Asked, query: Query): Promise<HealthWarning[]> {
  const { centre, sight } = asked;
  const { queue = [], sector = [], agent } = query;
  const queues = queueScope(centre, sight, { queue, sector: agent === undefined ? sector : [] });
  const { from, to } = rangeOf(centre, query).range;
  const [startDate, endDate] = [dateAt(from, centre.calendar), dateAt(to - 1, centre.calendar)];
  return readWarnings(tx, centre.tenantId, { startDate, endDate }, queues);
}

async function* pages<Q extends Query>(
  asked: Asked,
  query: Q,
  columns: readonly string[],
  { answer, linesOf, isPaged }: Required<Pick<Answering<Q>, 'answer' | 'linesOf' | 'isPaged'>>,
): AsyncGenerator<(string | null)[][]> {
  const page = query.limit === undefined || !isPaged ? query : { ...query, limit: FILE_PAGE };
  for (let cursor: string | undefined | null = query.cursor; cursor !== null; ) {
    const { data, meta } = await answer(asked, cursor === undefined ? page : { ...page, cursor });
    let lines: (string | null)[][] = [];
    for (const one of isOfRows(data) ? data : [data]) {
      for (const line of linesOf(one instanceof JoinedRow ? one.toJSON() : one))
        lines.push(cellsOf(line, columns));
      if (lines.length < FILE_PAGE) continue;
      yield lines;
      lines = [];
    }
    if (lines.length > 0) yield lines;
    const next: unknown = Reflect.get(meta, 'nextCursor');
    cursor = typeof next === 'string' ? next : null;
  }
}

/** `trends-2026-11-01-2026-11-25.csv`. An agent's id may be anything; a header may not. */
function fileName(path: string, { startDate, endDate }: RangeQuery): string {
  const name =
    path
      .split('/')
      .at(-1)
      ?.replace(/\.csv$/, '') ?? '';
  return `${name.replace(/[^\w.-]+/g, '_').slice(0, 100)}-${startDate}-${endDate}.csv`;
}
