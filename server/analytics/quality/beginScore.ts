import { randomUUID } from 'node:crypto';
import postgres, { type TransactionSql } from 'postgres';
import type { ScoreBody, ScoreDetail } from '../../../shared/contract/qualityScores.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { noteChange } from '../../history/scores/noteChange.ts';
import { AppError } from '../../http/errors.ts';
import { refusal } from '../asked.ts';
import type { Agent, People } from '../people.ts';
import { readForms } from './formRows.ts';
import { detailOf, readScores } from './scoreRows.ts';
import { type Reviewer, readOne, record, writeAnswers } from './scoreSteps.ts';

const UNIQUE_VIOLATION = '23505';

/**
 * Begins the draft of a score. The same id sent twice is one score; `isNew` says whether it was made now. A reviewer scores a
 * call of an agent once: of two at the same moment one wins, and the other is told `conflict`, with that one.
 */
export async function beginScore(
  db: Pick<Database, 'sql'>,
  who: Reviewer,
  body: ScoreBody,
): Promise<{ score: ScoreDetail; isNew: boolean }> {
  const { centre, sight, accountId } = who;
  const people = await centre.people();
  const agent = people.find(body.agentId);
  if (agent === undefined || (sight.sectors !== null && !sight.sectors.has(agent.sectorId)))
    throw refusal('agentId', `${body.agentId}: there is no such agent`);
  const within = <T>(work: (tx: TransactionSql) => Promise<T>) => inTenant(db, centre.tenantId, work);
  const same = (tx: TransactionSql) =>
    body.id === undefined ? null : existing(tx, who, people, { ...body, id: body.id }, agent);
  try {
    return await within(async (tx) => {
      const score = await same(tx);
      if (score) return { score, isNew: false };
      const id = body.id ?? randomUUID();
      return { score: await insertDraft(tx, who, people, { ...body, id }, agent), isNew: true };
    });
  } catch (error) {
    if (!(error instanceof postgres.PostgresError) || error.code !== UNIQUE_VIOLATION) throw error;
    return within(async (tx) => {
      const score = await same(tx);
      if (score) return { score, isNew: false };
      const theirs = tx`s.call_id = ${body.callId} and s.agent_id = ${agent.agentId} and s.reviewer_id = ${accountId}`;
      const [kept] = await readScores(tx, centre.tenantId, theirs);
      throw new AppError('conflict', {
        message: 'You have scored this call of this agent already.',
        ...(kept && { current: detailOf(kept, centre, people) }),
        cause: error,
      });
    });
  }
}

/** The score of that id where it is this reviewer's of this call; null where there is none. `conflict` where it is another. */
async function existing(
  tx: TransactionSql,
  who: Reviewer,
  people: People,
  { id, callId }: { id: string; callId: string },
  agent: Agent,
): Promise<ScoreDetail | null> {
  const [kept] = await readScores(tx, who.centre.tenantId, tx`s.id = ${id}`);
  if (kept === undefined) return null;
  const isSame =
    kept.reviewerId === who.accountId && kept.callId === callId && kept.agentId === agent.agentId;
  if (!isSame) throw new AppError('conflict', { message: 'The id is another score’s.' });
  return detailOf(kept, who.centre, people);
}

async function insertDraft(
  tx: TransactionSql,
  who: Reviewer,
  people: People,
  { id, callId, formId, answers, comment }: ScoreBody & { id: string },
  agent: Agent,
): Promise<ScoreDetail> {
  const { tenantId } = who.centre;
  const [form] = await readForms(tx, tenantId, tx`form_id = ${formId} and state = 'published'`);
  if (form === undefined) throw refusal('formId', 'there is no published form of this id');
  const legs = await tx<{ identity: string; queueId: string; at: Date }[]>`
    select identity, queue_id as "queueId", counted_at as at from agent_metrics
    where tenant_id = ${tenantId} and call_id = ${callId} and kind = 'answered' order by counted_at desc`;
  const leg = legs.find(({ identity }) => identity === agent.identity);
  if (leg === undefined) throw refusal('callId', `${callId}: ${agent.name} has answered no such call`);
  await tx`
    insert into call_quality_scores (
      tenant_id, id, call_id, agent_id, queue_id, called_at, is_call_known, origin, reviewer_id, reviewer_name,
      form_version_id, form_name, answers, state)
    values (
      ${tenantId}, ${id}, ${callId}, ${agent.agentId}, ${leg.queueId}, ${leg.at}, true, 'review', ${who.accountId},
      coalesce((select name from accounts where id = ${who.accountId}), ${who.actor.name}),
      ${form.versionId}, ${form.name}, '[]', 'draft')`;
  await writeAnswers(tx, who, id, form, { answers, comment }, { isWhole: false });
  const kept = await readOne(tx, who, people, id);
  await record(tx, who, people, 'quality.score_begun', kept, {});
  await noteChange(tx, tenantId);
  return detailOf(kept, who.centre, people);
}
