import type { PendingQuery, Row, TransactionSql } from 'postgres';
import type { FormContent, FormState } from '../../../shared/contract/qualityForms.ts';

/** Versions of forms as they are kept. */

/** Instants in epoch ms. */
export interface FormRow extends FormContent {
  versionId: string;
  formId: string;
  version: number;
  state: FormState;
  revision: number;
  createdAt: number;
  createdBy: string;
  publishedAt: number | null;
  retiredAt: number | null;
}

export interface CountedForm extends FormRow {
  /** How many were made on it, drafts among them. */
  scores: number;
}

/** Versions that fit, the forms in the order of their first version, of each the newest version first. */
export function readForms(
  tx: TransactionSql,
  tenantId: string,
  which: PendingQuery<Row[]>,
): Promise<FormRow[]> {
  return tx<
    FormRow[]
  >`select ${columns(tx)} from quality_forms where tenant_id = ${tenantId} and ${which} ${order(tx)}`;
}

/** The same with their scores counted, which takes as long as there are scores. */
export function readCountedForms(
  tx: TransactionSql,
  tenantId: string,
  which: PendingQuery<Row[]>,
): Promise<CountedForm[]> {
  return tx<CountedForm[]>`
    select ${columns(tx)}, (
        select count(*)::integer from call_quality_scores s
        where s.tenant_id = quality_forms.tenant_id and s.form_version_id = quality_forms.id
      ) as scores
    from quality_forms where tenant_id = ${tenantId} and ${which} ${order(tx)}`;
}

function columns(tx: TransactionSql) {
  const ms = (column: string) => tx`(extract(epoch from ${tx(column)}) * 1000)::float8`;
  return tx`
    id as "versionId", form_id as "formId", version, state, name, guidance, pass_mark as "passMark", sections, revision,
    ${ms('created_at')} as "createdAt", created_by as "createdBy", ${ms('published_at')} as "publishedAt",
    ${ms('retired_at')} as "retiredAt"`;
}

function order(tx: TransactionSql) {
  return tx`
    order by (
      select min(first.created_at) from quality_forms first
      where first.tenant_id = quality_forms.tenant_id and first.form_id = quality_forms.form_id
    ), form_id, version desc`;
}
