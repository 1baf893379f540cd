import type { Sql } from 'postgres';
import { withoutIndexes } from '../../server/db/withoutIndexes.ts';
import type { Criterion } from '../../shared/contract/qualityForms.ts';
import { AGENTS } from '../history/facts.ts';

/**
 * A year of signed reviews of answered calls, made by the database and the same at every run: by 40 reviewers, on three forms of
 * twelve criteria of which each had a second version from July on; one in twenty by a second reviewer of the same call.
 */
export const REVIEWERS = 40;
export const FORMS = 3;
/** As many as makeFacts makes. */
export const SECTORS = 8;
/** When the second versions were published. */
const SECOND_FROM = new Date('2025-07-01T00:00:00Z');
const SHARED = 0.05;

export const formIdOf = (form: number) => `f0000000-0000-4000-8000-00000000000${form}`;
const versionIdOf = (form: number, version: number) => `f0000000-0000-4000-8000-0000000000${version}${form}`;
export const reviewerIdOf = (reviewer: number) =>
  `e0000000-0000-4000-8000-0000000000${String(reviewer).padStart(2, '0')}`;

/** Every fourth is met or not, and the last of those critical; the second version gives the first one other points. */
const criteriaOf = (version: number): Criterion[] =>
  Array.from({ length: 12 }, (_, place): Criterion => {
    const isYesNo = place % 4 === 3;
    return {
      id: `criterion-${place}`,
      name: `Criterion ${place}${place === 1 ? ` of version ${version}` : ''}`,
      guidance: '',
      scale: isYesNo ? 'yesNo' : 'points',
      possible: place === 0 ? 5 * version : 10,
      weight: 1 + (place % 3),
      critical: place === 11,
      allowNotApplicable: place % 4 === 1,
    };
  });

export async function makeReviews(ownerSql: Sql, tenantId: string, reviews: number): Promise<void> {
  for (let form = 0; form < FORMS; form++)
    for (const version of [1, 2]) {
      const criteria = criteriaOf(version);
      const sections = [0, 4, 8].map((from) => ({
        name: `Part ${1 + from / 4}`,
        guidance: '',
        criteria: criteria.slice(from, from + 4),
      }));
      await ownerSql`
        insert into quality_forms (
          tenant_id, id, form_id, version, state, name, guidance, pass_mark, sections, created_by, published_at, retired_at)
        values (
          ${tenantId}, ${versionIdOf(form, version)}, ${formIdOf(form)}, ${version}, ${version === 1 ? 'retired' : 'published'},
          ${`Form ${form}`}, '', 75, ${ownerSql.json(sections)}, 'bench@example.test',
          ${version === 1 ? new Date(0) : SECOND_FROM}, ${version === 1 ? SECOND_FROM : null})`;
    }
  await ownerSql`
    insert into agents (tenant_id, id, name, sector_id)
    select ${tenantId}, 'agent-' || n, 'Agent ' || n, 'sector-' || n % ${SECTORS}::int from generate_series(0, ${AGENTS - 1}::int) n`;
  await withoutIndexes(ownerSql, 'call_quality_scores', () => insertReviews(ownerSql, tenantId, reviews));
}

/** A number of [0, 1) that depends on the review and on what it is for, and on nothing else. */
const dice = (sql: Sql, seed: number, of = 'n') =>
  sql`((hashint8extended(${sql.unsafe(of)}, ${seed}) & 1073741823) / 1073741824.0::float8)`;

/** A leg is reviewed by whom its place says, and one of the first legs a second time, by the next. */
async function insertReviews(sql: Sql, tenantId: string, reviews: number): Promise<void> {
  const first = reviews - Math.floor(reviews * SHARED);
  const answer = 'review.n * 100 + criterion.place';
  const { count } = await sql`
    with legs as (
      select call_id, identity, queue_id, counted_at,
        row_number() over (order by hashtextextended(call_id || identity, 20), call_id) as leg
      from (
        select distinct on (call_id, identity) call_id, identity, queue_id, counted_at from agent_metrics
        where tenant_id = ${tenantId} and kind = 'answered' order by call_id, identity, counted_at
      ) as answered
    ),
    criteria as materialized (
      select version.id as version_id, 10 * part.place + one.place as place, one.id, one.scale, one.possible, one.weight,
        one.critical, one.optional
      from quality_forms version, jsonb_array_elements(sections) with ordinality part (section, place),
        rows from (jsonb_to_recordset(section -> 'criteria') as (
          id text, scale text, possible float8, weight float8, critical boolean, "allowNotApplicable" boolean
        )) with ordinality one (id, scale, possible, weight, critical, optional, place)
      where tenant_id = ${tenantId}
    )
    insert into call_quality_scores (
      tenant_id, id, call_id, agent_id, queue_id, called_at, is_call_known, origin, reviewer_id, reviewer_name, form_version_id,
      form_name, answers, comment, score, is_passed, failed_critical, state, created_at, updated_at, signed_at)
    select ${tenantId}, md5('review ' || n)::uuid, call_id, identity, queue_id, counted_at, true, 'review',
      (${reviewerIdOf(0).slice(0, -2)} || lpad(reviewer::text, 2, '0'))::uuid, 'Reviewer ' || reviewer, version.id, version.name,
      answers, 'Heard from end to end, ' || n % 7 || ' remarks, nothing to add.', points, points >= version.pass_mark, failed,
      case when ${dice(sql, 21)} < 0.6 then 'signed' when ${dice(sql, 21)} < 0.9 then 'acknowledged'
        when ${dice(sql, 21)} < 0.95 then 'disputed' else 'resolved' end,
      counted_at + interval '1 day', counted_at + interval '2 days', counted_at + interval '2 days'
    from (
      select n, leg, (floor(${REVIEWERS}::int * ${dice(sql, 22, 'leg')})::int + (n <> leg)::int) % ${REVIEWERS}::int as reviewer
      from generate_series(1, ${reviews}::int) n, lateral (select case when n > ${first}::int then n - ${first}::int else n end as leg) as of
    ) as review
    join legs using (leg)
    join quality_forms version on version.tenant_id = ${tenantId} and version.name = 'Form ' || leg % ${FORMS}::int
      and version.version = case when counted_at < ${SECOND_FROM} then 1 else 2 end
    cross join lateral (
      select jsonb_agg(jsonb_build_object('criterionId', id, 'points', points, 'comment', '') order by place) as answers,
        sum(points * weight) / sum(possible * weight) filter (where points is not null) * 100 as score,
        coalesce(array_agg(id order by place) filter (where critical and points = 0), '{}') as failed
      from (
        select criterion.*, case
            when optional and ${dice(sql, 23, answer)} < 0.1 then null
            when scale = 'yesNo' then case when ${dice(sql, 24, answer)} < 0.05 then 0 else possible end
            else floor((possible + 1) * power(${dice(sql, 25, answer)}, 0.25)) end as points
        from criteria criterion where version_id = version.id
      ) as given
    ) as answered,
    lateral (select case when failed = '{}' then score else 0 end as points) as judged
    order by counted_at`;
  if (count !== reviews)
    throw new Error(`${count} of ${reviews} reviews made: there are too few answered calls`);
}
