import type { TransactionSql } from 'postgres';
import type {
  Resolution,
  ScoreBody,
  ScoreChange,
  ScoreDetail,
  ScoreState,
} from '../../../shared/contract/qualityScores.ts';
import type { AuditEntry } from '../../access/audit/audit.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { noteChange } from '../../history/scores/noteChange.ts';
import { refusal } from '../asked.ts';
import { beginScore } from './beginScore.ts';
import { detailOf, type KeptScore } from './scoreRows.ts';
import { expectAsRead, formOf, type Reviewer, readOne, record, say, writeAnswers } from './scoreSteps.ts';

/**
 * Single scores and what becomes of them; their states: shared/contract/qualityScores.ts. Every change is made to the version
 * its author has read, moves it, and is written into the audit. What is out of sight is `not_found`; what has been changed
 * meanwhile, or is in another state, `conflict` with the score as it is.
 */
export interface Scores {
  read(who: Reviewer, id: string): Promise<ScoreDetail>;
  /** `isNew`: false where this very draft was begun before. */
  begin(who: Reviewer, body: ScoreBody): Promise<{ score: ScoreDetail; isNew: boolean }>;
  change(who: Reviewer, id: string, change: ScoreChange): Promise<ScoreDetail>;
  discard(who: Reviewer, id: string, version: number): Promise<void>;
  sign(who: Reviewer, id: string, version: number): Promise<ScoreDetail>;
  acknowledge(who: Reviewer, id: string, said: { version: number; comment: string }): Promise<ScoreDetail>;
  dispute(who: Reviewer, id: string, said: { version: number; reason: string }): Promise<ScoreDetail>;
  resolve(who: Reviewer, id: string, resolution: Resolution): Promise<ScoreDetail>;
}

export function createScores(db: Pick<Database, 'sql'>): Scores {
  /** Changes one score; `work` answers what the audit says of it. */
  const step = async (
    who: Reviewer,
    id: string,
    expected: { version: number; state: ScoreState; action: AuditEntry['action'] },
    work: (tx: TransactionSql, kept: KeptScore) => Promise<Pick<AuditEntry, 'before' | 'after'>>,
  ): Promise<ScoreDetail> => {
    const { tenantId } = who.centre;
    const people = await who.centre.people();
    return inTenant(db, tenantId, async (tx) => {
      const kept = await readOne(tx, who, people, id, 'lock');
      expectAsRead(kept, expected, () => detailOf(kept, who.centre, people));
      const said = await work(tx, kept);
      await tx`
        update call_quality_scores set version = version + 1, updated_at = clock_timestamp()
        where tenant_id = ${tenantId} and id = ${id}`;
      await record(tx, who, people, expected.action, kept, said);
      await noteChange(tx, tenantId);
      return detailOf(await readOne(tx, who, people, id), who.centre, people);
    });
  };

  return {
    async read(who, id) {
      const people = await who.centre.people();
      const kept = await inTenant(db, who.centre.tenantId, (tx) => readOne(tx, who, people, id));
      return detailOf(kept, who.centre, people);
    },

    begin: (who, body) => beginScore(db, who, body),

    change: (who, id, { version, answers, comment }) =>
      step(who, id, { version, state: 'draft', action: 'quality.score_changed' }, async (tx, kept) => {
        const form = await formOf(tx, who, kept);
        const said = { answers: answers ?? kept.answers, comment: comment ?? kept.comment };
        await writeAnswers(tx, who, id, form, said, { isWhole: false });
        return {};
      }),

    async discard(who, id, version) {
      const people = await who.centre.people();
      const { tenantId } = who.centre;
      await inTenant(db, tenantId, async (tx) => {
        const kept = await readOne(tx, who, people, id, 'lock');
        expectAsRead(kept, { version, state: 'draft' }, () => detailOf(kept, who.centre, people));
        await tx`delete from call_quality_scores where tenant_id = ${tenantId} and id = ${id}`;
        await record(tx, who, people, 'quality.score_discarded', kept, {});
        await noteChange(tx, tenantId);
      });
    },

    sign: (who, id, version) =>
      step(who, id, { version, state: 'draft', action: 'quality.score_signed' }, async (tx, kept) => {
        const form = await formOf(tx, who, kept);
        const { score, failedCritical } = await writeAnswers(tx, who, id, form, kept, { isWhole: true });
        await tx`
          update call_quality_scores set state = 'signed', signed_at = clock_timestamp()
          where tenant_id = ${who.centre.tenantId} and id = ${id}`;
        return { after: { score, failedCritical } };
      }),

    acknowledge: (who, id, { version, comment }) =>
      step(who, id, { version, state: 'signed', action: 'quality.score_acknowledged' }, async (tx) => {
        await say(tx, who, id, 'acknowledged', comment);
        return {};
      }),

    dispute: (who, id, { version, reason }) =>
      step(who, id, { version, state: 'signed', action: 'quality.score_disputed' }, async (tx) => {
        await say(tx, who, id, 'disputed', reason);
        return {};
      }),

    resolve: (who, id, { version, comment, answers }) =>
      step(who, id, { version, state: 'disputed', action: 'quality.score_resolved' }, async (tx, kept) => {
        await say(tx, who, id, 'resolved', comment);
        if (answers === undefined) return { after: { score: kept.score } };
        if (kept.formVersionId === null)
          throw refusal('answers', 'must be left out: the form is not one of Callboard’s');
        const form = await formOf(tx, who, kept);
        const original = {
          answers: kept.answers,
          score: kept.score,
          isPassed: kept.isPassed,
          failedCritical: kept.failedCritical,
        };
        const { score, failedCritical } = await writeAnswers(
          tx,
          who,
          id,
          form,
          { answers, comment: kept.comment },
          { isWhole: true },
        );
        await tx`
          update call_quality_scores set original = ${JSON.stringify(original)}::text::jsonb
          where tenant_id = ${who.centre.tenantId} and id = ${id}`;
        return {
          before: { score: kept.score, failedCritical: kept.failedCritical },
          after: { score, failedCritical },
        };
      }),
  };
}
