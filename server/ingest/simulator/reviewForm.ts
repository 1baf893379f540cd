import { randomUUID } from 'node:crypto';
import type { TransactionSql } from 'postgres';
import { formContent } from '../../../shared/contract/qualityForms.ts';
import { SYSTEM } from '../../access/audit/audit.ts';
import { REVIEW_CRITERIA, REVIEW_FORM } from './feedback.ts';

/** The form by which the demo's reviewers score calls. Whoever has made one of their own is left alone. */

const PASS_MARK = 75;

const GUIDANCE: Record<string, string> = {
  Greeting: 'Says who is speaking, and asks how to help.',
  Understanding: 'Lets the caller finish, and says back what is wanted.',
  Solution: 'The caller has what they called for, or knows when they will.',
  Tone: 'Calm and friendly, also with somebody who is not.',
  Closing: 'Asks whether that was all.',
  'Data protection': 'Asks who is calling before saying anything about an account.',
};

export async function setUpReviewForm(tx: TransactionSql, tenantId: string): Promise<void> {
  const criteria = REVIEW_CRITERIA.map(({ id, possible, weight, isCritical }) => ({
    id,
    name: id,
    guidance: GUIDANCE[id] ?? '',
    scale: isCritical ? 'yesNo' : 'points',
    possible,
    weight,
    critical: isCritical,
    allowNotApplicable: !isCritical,
  }));
  const { name, guidance, passMark, sections } = formContent.parse({
    name: REVIEW_FORM,
    guidance: 'Listen to the whole call before you score it.',
    passMark: PASS_MARK,
    sections: [{ name: 'The call', criteria }],
  });
  await tx`
    insert into quality_forms (
      tenant_id, id, form_id, version, state, name, guidance, pass_mark, sections, created_by, published_at)
    select ${tenantId}, ${randomUUID()}, ${randomUUID()}, 1, 'published', ${name}, ${guidance}, ${passMark},
      ${JSON.stringify(sections)}::text::jsonb, ${SYSTEM.name}, clock_timestamp()
    where not exists (select from quality_forms where tenant_id = ${tenantId})`;
}
