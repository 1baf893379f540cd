import { randomUUID } from 'node:crypto';
import type { TransactionSql } from 'postgres';
import type { EventOf, LogEvent } from '../../../shared/contract/events.ts';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { columns, type Row, toEvent } from '../../log/readLog.ts';
import { readCalls } from './calls.ts';
import { noteChange } from './noteChange.ts';
import { eventScore, type OwnForm } from './ownForm.ts';

/**
 * Takes `quality.scored` from the log into `call_quality_scores`, each event once: what is written and how far the log has
 * been read go in one transaction, behind the facts, so that the calls are there. A score goes when its import is taken back.
 * A call that is not known yet is looked for again whenever history has changed.
 */

/** Numbers of the log that are looked through at a time. */
const RANGE = 20_000;
/** Calls looked for again, the newest reviews first, for so long after a review came. */
const UNKNOWN_LIMIT = 1_000;
const UNKNOWN_FOR = '7 days';

interface Place {
  seq: number;
  version: number;
}

type Review = Extract<LogEvent, { kind: 'quality.scored' }>;

/** Answers whether there is more to read. */
export async function takeScores(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  settings: LiveSettings,
): Promise<boolean> {
  return inTenant(db, tenantId, async (tx) => {
    const [facts] = await tx<Place[]>`
      select seq::float8, version::float8 from projection_checkpoints where tenant_id = ${tenantId}`;
    const [seen] = await tx<Place[]>`
      select seq::float8, version::float8 from quality_checkpoints where tenant_id = ${tenantId}`;
    if (!facts || (seen?.seq === facts.seq && seen.version === facts.version)) return false;
    // From here on alone, also beside another that believes to be the leader; not by the row, which reviewers change last.
    await tx`select pg_advisory_xact_lock(hashtextextended(${`callboard.quality_scores ${tenantId}`}, 0))`;
    await tx`insert into quality_checkpoints (tenant_id) values (${tenantId}) on conflict do nothing`;
    const [from] = await tx<(Place & { recorded_at: Date })[]>`
      select seq::float8, version::float8, recorded_at from quality_checkpoints where tenant_id = ${tenantId}`;
    if (!from || from.seq > facts.seq) return false;
    const to = Math.min(facts.seq, from.seq + RANGE);
    const { reviews, voided } = await readReviews(tx, tenantId, from, to);
    let changed = await findCalls(tx, tenantId, settings);
    changed += await insertReviews(tx, tenantId, reviews, settings);
    if (voided.length > 0) changed += await removeVoided(tx, tenantId, voided);
    await tx`
      update quality_checkpoints set seq = ${to}, version = ${facts.version},
        recorded_at = coalesce(
          (select recorded_at from call_events
            where tenant_id = ${tenantId} and seq = ${to} and recorded_at >= ${from.recorded_at}),
          recorded_at)
      where tenant_id = ${tenantId}`;
    if (changed > 0) await noteChange(tx, tenantId);
    return to < facts.seq;
  });
}

async function readReviews(
  tx: TransactionSql,
  tenantId: string,
  from: Place & { recorded_at: Date },
  to: number,
): Promise<{ reviews: Review[]; voided: string[] }> {
  const rows = await tx<Row[]>`
    select ${columns(tx)} from call_events
    where tenant_id = ${tenantId} and seq > ${from.seq} and seq <= ${to} and recorded_at >= ${from.recorded_at}
      and (kind = 'quality.scored' or kind = 'source.note' and source = '')
    order by call_events.seq`;
  const events = rows.map(toEvent);
  return {
    reviews: events.filter((event) => event.kind === 'quality.scored'),
    // A note of nobody says that an import was taken back; it comes behind all that went with it.
    voided: rows.flatMap(({ source, body }) =>
      source === '' && typeof body.importId === 'string' ? [body.importId] : [],
    ),
  };
}

async function insertReviews(
  tx: TransactionSql,
  tenantId: string,
  reviews: readonly Review[],
  settings: LiveSettings,
): Promise<number> {
  if (reviews.length === 0) return 0;
  const forms = await readForms(tx, tenantId, reviews);
  const callOf = await readCalls(tx, tenantId, [...new Set(reviews.map(({ callId }) => callId))], settings);
  const rows = reviews.map((review) => {
    const call = callOf(review.callId, review.agent ?? null);
    const scored = eventScore(forms.get(review.form) ?? null, review);
    return {
      id: randomUUID(),
      call_id: review.callId,
      agent_id: review.agent ?? call?.agentId ?? null,
      queue_id: call?.queueId ?? null,
      called_at: (call?.calledAt ?? new Date(review.occurredAt)).toISOString(),
      is_call_known: call !== null,
      event_seq: review.seq,
      reviewer_name: review.reviewer,
      form_version_id: scored.form?.versionId ?? null,
      form_name: review.form,
      answers: scored.answers,
      score: scored.score,
      is_passed: scored.isPassed,
      failed_critical: scored.failedCritical,
      signed_at: new Date(review.occurredAt).toISOString(),
    };
  });
  const { count } = await tx`
    insert into call_quality_scores (
      tenant_id, id, call_id, agent_id, queue_id, called_at, is_call_known, origin, event_seq, reviewer_name,
      form_version_id, form_name, answers, score, is_passed, failed_critical, state, signed_at)
    select ${tenantId}, id, call_id, agent_id, queue_id, called_at, is_call_known, 'event', event_seq, reviewer_name,
      form_version_id, form_name, answers, score, is_passed, failed_critical, 'signed', signed_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as row (
      id uuid, call_id text, agent_id text, queue_id text, called_at timestamptz, is_call_known boolean,
      event_seq bigint, reviewer_name text, form_version_id uuid, form_name text, answers jsonb, score float8,
      is_passed boolean, failed_critical text[], signed_at timestamptz)
    on conflict do nothing`;
  return count;
}

/** Published forms by what the reviews call them: name or id. */
async function readForms(
  tx: TransactionSql,
  tenantId: string,
  reviews: readonly Pick<EventOf<'quality.scored'>, 'form'>[],
): Promise<Map<string, OwnForm>> {
  const asked = [...new Set(reviews.map(({ form }) => form))];
  const forms = await tx<OwnForm[]>`
    select form_id as "formId", id as "versionId", name, pass_mark as "passMark", sections from quality_forms
    where tenant_id = ${tenantId} and state = 'published' and (name = any(${asked}) or form_id::text = any(${asked}))`;
  return new Map(
    forms.flatMap((form) => [
      [form.formId, form],
      [form.name, form],
    ]),
  );
}

/** Looks again for calls that were not known when their reviews came; answers how many were found. */
async function findCalls(tx: TransactionSql, tenantId: string, settings: LiveSettings): Promise<number> {
  const unknown = await tx<{ id: string; call_id: string; agent_id: string | null }[]>`
    select id, call_id, agent_id from call_quality_scores
    where tenant_id = ${tenantId} and not is_call_known and created_at > now() - ${UNKNOWN_FOR}::interval
    order by created_at desc limit ${UNKNOWN_LIMIT}`;
  if (unknown.length === 0) return 0;
  const callOf = await readCalls(tx, tenantId, [...new Set(unknown.map((one) => one.call_id))], settings);
  const found = unknown.flatMap(({ id, call_id, agent_id }) => {
    const call = callOf(call_id, agent_id);
    return call ? [{ id, agent_id: call.agentId, queue_id: call.queueId, called_at: call.calledAt }] : [];
  });
  await tx`
    update call_quality_scores s set agent_id = row.agent_id, queue_id = row.queue_id, called_at = row.called_at,
      is_call_known = true
    from jsonb_to_recordset(${JSON.stringify(found)}::text::jsonb)
      as row (id uuid, agent_id text, queue_id text, called_at timestamptz)
    where s.tenant_id = ${tenantId} and s.id = row.id`;
  return found.length;
}

async function removeVoided(
  tx: TransactionSql,
  tenantId: string,
  imports: readonly string[],
): Promise<number> {
  const { count } = await tx`
    delete from call_quality_scores s using imports i, call_events e
    where i.tenant_id = ${tenantId} and i.id = any(${[...imports]}::uuid[])
      and s.tenant_id = ${tenantId} and s.event_seq between i.first_seq and i.last_seq
      and e.tenant_id = ${tenantId} and e.seq = s.event_seq and e.source = ''
      and e.recorded_at >= date_trunc('milliseconds', i.started_at)`;
  return count;
}
