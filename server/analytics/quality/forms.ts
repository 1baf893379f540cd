import { randomUUID } from 'node:crypto';
import postgres, { type TransactionSql } from 'postgres';
import {
  FORMS_LIMIT,
  type FormContent,
  type FormDetail,
  type FormSummary,
  type FormVersion,
} from '../../../shared/contract/qualityForms.ts';
import { type Actor, type AuditEntry, recordAudit } from '../../access/audit/audit.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { noteChange } from '../../history/scores/noteChange.ts';
import { AppError } from '../../http/errors.ts';
import { isoOf } from '../asked.ts';
import { grouped } from '../grouped.ts';
import { type CountedForm, readCountedForms } from './formRows.ts';

/**
 * Forms and their versions. Only a draft changes. Publishing it retires the version before; scores that were begun on that
 * are finished on it. A form that nobody uses any more is retired, not removed: old scores refer to it.
 *
 *   (change) → draft → published → retired
 */
export interface Forms {
  list(tenantId: string): Promise<FormSummary[]>;
  read(tenantId: string, formId: string): Promise<FormDetail>;
  make(by: Actor, tenantId: string, content: FormContent): Promise<FormDetail>;
  /** Changes the draft of that revision, or begins one where there is none (null). `conflict`, with the form, otherwise. */
  change(by: Actor, tenantId: string, formId: string, change: FormDraft): Promise<FormDetail>;
  /** Publishes the draft of that revision. */
  publish(by: Actor, tenantId: string, formId: string, revision: number): Promise<FormDetail>;
  /** No more calls are scored on it. */
  retire(by: Actor, tenantId: string, formId: string): Promise<FormDetail>;
  /** Throws the draft away; null where it was all there was of the form. */
  discard(by: Actor, tenantId: string, formId: string): Promise<FormDetail | null>;
}

interface FormDraft {
  revision: number | null;
  content: FormContent;
}

const UNIQUE_VIOLATION = '23505';

export function createForms(db: Pick<Database, 'sql'>): Forms {
  /** All versions of a form, locked one after the other by everybody in the same order. */
  const changing = (
    tenantId: string,
    formId: string,
    work: (tx: TransactionSql, form: Form) => Promise<unknown>,
  ): Promise<FormDetail | null> =>
    named(
      inTenant(db, tenantId, async (tx) => {
        await lockForms(tx, tenantId);
        await work(tx, await readForm(tx, tenantId, formId));
        await noteChange(tx, tenantId);
        const rows = await readCountedForms(tx, tenantId, tx`form_id = ${formId}`);
        return rows.length === 0 ? null : detailOf(rows);
      }),
    );

  return {
    list: (tenantId) =>
      inTenant(db, tenantId, async (tx) => {
        const rows = await readCountedForms(tx, tenantId, tx`true`);
        return [...grouped(rows, ({ formId }) => formId).values()].map(summaryOf);
      }),

    read: (tenantId, formId) =>
      inTenant(db, tenantId, async (tx) => detailOf((await readForm(tx, tenantId, formId)).rows)),

    make: (by, tenantId, content) =>
      inTenant(db, tenantId, async (tx) => {
        await lockForms(tx, tenantId);
        const [row] = await tx<{ forms: number }[]>`
          select count(distinct form_id)::integer as forms from quality_forms where tenant_id = ${tenantId}`;
        if ((row?.forms ?? 0) >= FORMS_LIMIT)
          throw new AppError('conflict', { message: `There are ${FORMS_LIMIT} forms already.` });
        const formId = randomUUID();
        await insertDraft(tx, tenantId, by, { formId, version: 1, content });
        await record(tx, tenantId, by, 'quality.form_made', { formId, name: content.name, version: 1 });
        return detailOf((await readForm(tx, tenantId, formId)).rows);
      }),

    change: async (by, tenantId, formId, { revision, content }) => {
      const changed = await changing(tenantId, formId, async (tx, form) => {
        const { draft, newest } = form;
        if ((draft?.revision ?? null) !== revision) throw moved(form);
        const version = draft?.version ?? newest.version + 1;
        if (draft) {
          await tx`
            update quality_forms set name = ${content.name}, guidance = ${content.guidance},
              pass_mark = ${content.passMark}, sections = ${JSON.stringify(content.sections)}::text::jsonb,
              revision = revision + 1
            where tenant_id = ${tenantId} and id = ${draft.versionId}`;
        } else await insertDraft(tx, tenantId, by, { formId, version, content });
        await record(tx, tenantId, by, 'quality.form_changed', { formId, name: content.name, version });
      });
      return found(changed);
    },

    publish: async (by, tenantId, formId, revision) => {
      const changed = await changing(tenantId, formId, async (tx, form) => {
        const { draft, published } = form;
        if (draft?.revision !== revision) throw moved(form);
        if (published) await retireVersion(tx, tenantId, published.versionId);
        await tx`
          update quality_forms set state = 'published', published_at = clock_timestamp()
          where tenant_id = ${tenantId} and id = ${draft.versionId}`;
        const { name, version } = draft;
        await record(tx, tenantId, by, 'quality.form_published', { formId, name, version });
      });
      return found(changed);
    },

    retire: async (by, tenantId, formId) => {
      const changed = await changing(tenantId, formId, async (tx, { published, rows }) => {
        if (!published)
          throw new AppError('conflict', { message: 'No version is published.', current: detailOf(rows) });
        await retireVersion(tx, tenantId, published.versionId);
        const { name, version } = published;
        await record(tx, tenantId, by, 'quality.form_retired', { formId, name, version });
      });
      return found(changed);
    },

    discard: (by, tenantId, formId) =>
      changing(tenantId, formId, async (tx, { draft, rows }) => {
        if (!draft)
          throw new AppError('conflict', { message: 'There is no draft.', current: detailOf(rows) });
        await tx`delete from quality_forms where tenant_id = ${tenantId} and id = ${draft.versionId}`;
        const { name, version } = draft;
        await record(tx, tenantId, by, 'quality.form_discarded', { formId, name, version });
      }),
  };
}

/** `rows`: all versions, the newest first; never none. */
interface Form {
  rows: CountedForm[];
  newest: CountedForm;
  draft: CountedForm | undefined;
  published: CountedForm | undefined;
}

async function readForm(tx: TransactionSql, tenantId: string, formId: string): Promise<Form> {
  return formOf(await readCountedForms(tx, tenantId, tx`form_id = ${formId}`));
}

function formOf(rows: CountedForm[]): Form {
  const [newest] = rows;
  if (newest === undefined) throw new AppError('not_found');
  const inState = (state: CountedForm['state']) => rows.find((row) => row.state === state);
  return { rows, newest, draft: inState('draft'), published: inState('published') };
}

/** Forms are changed one after the other, or two drafts of one would be begun at once. */
async function lockForms(tx: TransactionSql, tenantId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`callboard.quality_forms ${tenantId}`}, 0))`;
}

async function insertDraft(
  tx: TransactionSql,
  tenantId: string,
  by: Actor,
  { formId, version, content }: { formId: string; version: number; content: FormContent },
): Promise<void> {
  const { name, guidance, passMark, sections } = content;
  await tx`
    insert into quality_forms (tenant_id, id, form_id, version, state, name, guidance, pass_mark, sections, created_by)
    values (${tenantId}, ${randomUUID()}, ${formId}, ${version}, 'draft', ${name}, ${guidance}, ${passMark},
      ${JSON.stringify(sections)}::text::jsonb, ${by.name})`;
}

async function retireVersion(tx: TransactionSql, tenantId: string, versionId: string): Promise<void> {
  await tx`
    update quality_forms set state = 'retired', retired_at = clock_timestamp()
    where tenant_id = ${tenantId} and id = ${versionId}`;
}

async function record(
  tx: TransactionSql,
  tenantId: string,
  by: Actor,
  action: AuditEntry['action'],
  { formId, name, version }: { formId: string; name: string; version: number },
): Promise<void> {
  await recordAudit(tx, tenantId, by, {
    action,
    subject: { id: formId, name },
    after: { formVersion: version },
  });
}

function moved({ rows }: Form): AppError {
  return new AppError('conflict', {
    message: 'The draft has been changed, published or thrown away meanwhile; see it as it is now.',
    current: detailOf(rows),
  });
}

function found<T>(one: T | null): T {
  if (one === null) throw new AppError('not_found');
  return one;
}

/** Two forms in use of one name could not be told apart by an event. */
async function named<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof postgres.PostgresError) || error.code !== UNIQUE_VIOLATION) throw error;
    throw new AppError('conflict', { message: 'Another form in use has this name.', cause: error });
  }
}

function summaryOf(rows: CountedForm[]): FormSummary {
  const { newest, draft, published } = formOf(rows);
  return {
    formId: newest.formId,
    name: (published ?? newest).name,
    state: (published ?? rows.find(({ state }) => state === 'retired') ?? newest).state,
    published: published ? { versionId: published.versionId, version: published.version } : null,
    draft: draft ? { version: draft.version, revision: draft.revision } : null,
    versions: rows.length,
    scores: rows.reduce((sum, { scores }) => sum + scores, 0),
  };
}

function detailOf(rows: CountedForm[]): FormDetail {
  return { ...summaryOf(rows), versions: rows.map(versionOf) };
}

function versionOf({ createdAt, publishedAt, retiredAt, ...row }: CountedForm): FormVersion {
  return {
    ...row,
    createdAt: isoOf(createdAt),
    publishedAt: publishedAt === null ? null : isoOf(publishedAt),
    retiredAt: retiredAt === null ? null : isoOf(retiredAt),
  };
}
