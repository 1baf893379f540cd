import type { TransactionSql } from 'postgres';
import { answerIssues, criteriaOf } from '../../../shared/contract/qualityAnswers.ts';
import type { CriterionAnswer, ScoreDetail, ScoreState } from '../../../shared/contract/qualityScores.ts';
import { isPassed, scoreOf } from '../../../shared/metrics/quality.ts';
import { type Actor, type AuditEntry, recordAudit } from '../../access/audit/audit.ts';
import { AppError } from '../../http/errors.ts';
import type { Centre } from '../centre.ts';
import type { People } from '../people.ts';
import { type FormRow, readForms } from './formRows.ts';
import { isSeen, type KeptScore, type Reader, readScores } from './scoreRows.ts';

/** What every change of a score is made of; each within the transaction of the change. */

/** Who reviews, in which call centre. */
export interface Reviewer extends Reader {
  accountId: string;
  actor: Actor;
  centre: Centre;
}

export async function readOne(
  tx: TransactionSql,
  who: Reviewer,
  people: People,
  id: string,
  lock: 'lock' | 'look' = 'look',
): Promise<KeptScore> {
  const [kept] = await readScores(
    tx,
    who.centre.tenantId,
    lock === 'lock' ? tx`s.id = ${id} for update of s` : tx`s.id = ${id}`,
  );
  if (kept === undefined || !isSeen(kept, who, people)) throw new AppError('not_found');
  return kept;
}

export function expectAsRead(
  kept: KeptScore,
  { version, state }: { version: number; state: ScoreState },
  current: () => ScoreDetail,
): void {
  if (kept.state !== state)
    throw new AppError('conflict', { message: `It is ${kept.state}, not ${state}.`, current: current() });
  if (kept.version !== version)
    throw new AppError('conflict', { message: 'It has been changed meanwhile.', current: current() });
}

export async function formOf(tx: TransactionSql, who: Reviewer, kept: KeptScore): Promise<FormRow> {
  const [form] = await readForms(tx, who.centre.tenantId, tx`id = ${kept.formVersionId}`);
  if (form === undefined) throw new Error(`score ${kept.id} has no form`);
  return form;
}

/** Writes the answers and what they come to [Q1]. Throws AppError `bad_request` for those the form does not take. */
export async function writeAnswers(
  tx: TransactionSql,
  who: Reviewer,
  id: string,
  form: FormRow,
  { answers, comment }: { answers: readonly CriterionAnswer[]; comment: string },
  { isWhole }: { isWhole: boolean },
): Promise<{ score: number | null; failedCritical: string[] }> {
  const criteria = criteriaOf(form);
  const issues = answerIssues(criteria, answers, isWhole);
  if (issues.length > 0) throw new AppError('bad_request', { issues });
  const { score, failedCritical } = scoreOf(criteria, answers);
  await tx`
    update call_quality_scores set answers = ${JSON.stringify(answers)}::text::jsonb, comment = ${comment},
      score = ${score}, is_passed = ${isPassed(score, form.passMark)}, failed_critical = ${failedCritical}
    where tenant_id = ${who.centre.tenantId} and id = ${id}`;
  return { score, failedCritical };
}

/** What is said to a score, by whom it was entered, and the state that follows. */
export async function say(
  tx: TransactionSql,
  { actor, centre }: Reviewer,
  id: string,
  state: 'acknowledged' | 'disputed' | 'resolved',
  comment: string,
): Promise<void> {
  const said = JSON.stringify({ at: new Date().toISOString(), by: actor.name, comment });
  await tx`
    update call_quality_scores set state = ${state}, ${tx(state)} = ${said}::text::jsonb
    where tenant_id = ${centre.tenantId} and id = ${id}`;
}

/** Comments stay out of it: they are about people, and the audit outlives them. */
export async function record(
  tx: TransactionSql,
  { actor, centre }: Reviewer,
  people: People,
  action: AuditEntry['action'],
  { id, callId, agentId, formName }: KeptScore,
  { before, after }: Pick<AuditEntry, 'before' | 'after'>,
): Promise<void> {
  const name = (agentId && people.find(agentId)?.name) ?? callId;
  await recordAudit(tx, centre.tenantId, actor, {
    action,
    subject: { id, name },
    ...(before && { before }),
    after: { callId, form: formName, ...after },
  });
}
