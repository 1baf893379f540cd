import type { TransactionSql } from 'postgres';
import { type Asked, ask, rangeOf, refusal } from '../asked.ts';
import type { DayRange } from '../calendar.ts';
import { planForValues } from '../calls/visits.ts';
import type { Agent } from '../people.ts';
import { queueFilter } from '../performance/agents.ts';
import { agentScope } from '../scope.ts';

/** Which scores a question is about: those of calls of some days, of agents in sight [S46]. */

export interface ScoreFilters {
  startDate: string;
  endDate: string;
  timeZone?: string | undefined;
  queue: readonly string[];
  sector: readonly string[];
  agent: readonly string[];
  reviewer?: string | undefined;
  form?: string | undefined;
}

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface ScoreScope {
  range: DayRange;
  /** In the order of their ids. */
  agents: readonly Agent[];
  /** Whether that is everybody, and scores of nobody known count, too. */
  isEverybody: boolean;
  /** Null: all. */
  queues: readonly string[] | null;
  reviewer: string | undefined;
  form: string | undefined;
}

/** Throws AppError `bad_request` for what is not there to be seen, and for days of another clock: agents are counted by the tenant's. */
export async function scoreScope(asked: Asked, query: ScoreFilters): Promise<ScoreScope> {
  const { centre, sight } = asked;
  const { timeZone } = query;
  if (timeZone !== undefined && timeZone !== centre.calendar.timeZone)
    throw refusal('timeZone', `calls are reviewed by the days of ${centre.calendar.timeZone}`);
  return {
    range: rangeOf(centre, query).range,
    agents: await agentScope(centre, sight, query),
    isEverybody: sight.sectors === null && query.agent.length === 0 && query.sector.length === 0,
    queues: queueFilter(asked, query),
    reviewer: query.reviewer,
    form: query.form,
  };
}

/** Like `ask`: which index serves depends on how many days and agents are asked for, so each is planned for its own. */
export function askScores<T>(asked: Asked, question: (tx: TransactionSql) => Promise<T>): Promise<T> {
  return ask(asked, async (tx) => {
    await planForValues(tx); // Not beside the question: what that asks is sent first.
    return question(tx);
  });
}

/** The condition over `s`: without drafts, unless a list asks for them. */
export function scoresIn(tx: TransactionSql, tenantId: string, scope: ScoreScope, withDrafts = false) {
  const { range, agents, isEverybody, queues, reviewer, form } = scope;
  const names = agents.flatMap((agent) => agent.names);
  return tx`
    s.tenant_id = ${tenantId} and s.called_at >= ${new Date(range.from)} and s.called_at < ${new Date(range.to)}
    ${isEverybody ? tx`` : tx`and s.agent_id = any(${names}::text[])`}
    ${queues === null ? tx`` : tx`and s.queue_id = any(${[...queues]}::text[])`}
    ${reviewer === undefined ? tx`` : tx`and ${isBy(tx, reviewer)}`}
    ${
      form === undefined
        ? tx``
        : tx`and s.form_version_id in (select id from quality_forms where tenant_id = ${tenantId} and form_id = ${form})`
    }
    ${withDrafts ? tx`` : tx`and s.state <> 'draft'`}`;
}

/** An integrator's reviewer may be called as an account is numbered. */
function isBy(tx: TransactionSql, reviewer: string) {
  const isNamed = tx`s.reviewer_id is null and s.reviewer_name = ${reviewer}`;
  return UUID.test(reviewer) ? tx`(s.reviewer_id = ${reviewer}::uuid or ${isNamed})` : tx`(${isNamed})`;
}
