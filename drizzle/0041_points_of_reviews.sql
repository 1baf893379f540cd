-- What a year of reviews comes to is read from indexes alone: neither their rows are looked at, nor their answers taken apart.

-- The points of all criteria of a form, in its order; 255: not applicable, 254: not answered. A byte each, or eight as the network
-- writes numbers where an integrator gave a part of a point.
create function packed_points(sections jsonb, answers jsonb) returns bytea
language sql immutable parallel safe set search_path = pg_catalog, public, pg_temp
as $$
  select case
      when bool_and(points = floor(points)) then string_agg(substr(int2send(points::int2), 2), ''::bytea order by part, place)
      else string_agg(float8send(points), ''::bytea order by part, place)
    end
  from (
    select part.place as part, one.place,
      case when answer is null then 254 else coalesce((answer ->> 'points')::float8, 255) end as points
    from jsonb_array_elements(sections) with ordinality part (section, place)
    cross join jsonb_array_elements(section -> 'criteria') with ordinality one (criterion, place)
    left join jsonb_array_elements(answers) answer on answer ->> 'criterionId' = criterion ->> 'id'
  ) as given
$$;

alter table call_quality_scores
  -- packed_points of its answers; null where the form is not one of ours.
  add column points bytea,
  -- The same call of the agent has been reviewed, or begun to be, by others. It stays where those are gone since.
  add column has_others boolean not null default false;

-- The owner is bound by row security, too.
alter table quality_forms no force row level security;
alter table call_quality_scores no force row level security;
update call_quality_scores s set
  points = (
    select packed_points(f.sections, s.answers) from quality_forms f where f.tenant_id = s.tenant_id and f.id = s.form_version_id
  ),
  has_others = exists (
    select from call_quality_scores o
    where o.tenant_id = s.tenant_id and o.call_id = s.call_id and o.agent_id = s.agent_id and o.id <> s.id
  );
alter table quality_forms force row level security;
alter table call_quality_scores force row level security;

create function keep_points() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  new.points := (
    select packed_points(sections, new.answers) from quality_forms where tenant_id = new.tenant_id and id = new.form_version_id
  );
  return new;
end
$$;
create trigger call_quality_scores_points before insert or update of answers, form_version_id on call_quality_scores
  for each row execute function keep_points();

create function note_others() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- Of two at the same moment neither would see the other. takeScores holds the same lock from its beginning.
  perform pg_advisory_xact_lock(hashtextextended('callboard.quality_scores ' || new.tenant_id, 0));
  if exists (
    select from call_quality_scores
    where tenant_id = new.tenant_id and call_id = new.call_id and agent_id = new.agent_id and id <> new.id
  ) then
    update call_quality_scores set has_others = true
    where tenant_id = new.tenant_id and call_id = new.call_id and agent_id = new.agent_id and not has_others;
  end if;
  return null;
end
$$;
create trigger call_quality_scores_others after insert or update of call_id, agent_id on call_quality_scores
  for each row execute function note_others();

drop index call_quality_scores_called_idx;
create index call_quality_scores_called_idx on call_quality_scores (tenant_id, called_at, id)
  include (agent_id, queue_id, is_call_known, score, is_passed, has_failed_critical, points, state, form_version_id, reviewer_id, reviewer_name);
comment on index call_quality_scores_called_idx is 'scores of a range of days, newest first; what they come to, without their rows';
drop index call_quality_scores_agent_idx;
create index call_quality_scores_agent_idx on call_quality_scores (tenant_id, agent_id, called_at)
  include (id, queue_id, is_call_known, score, is_passed, has_failed_critical, points, state, form_version_id, reviewer_id, reviewer_name);
comment on index call_quality_scores_agent_idx is 'scores of some agents in a range of days; what they come to, without their rows';
create index call_quality_scores_others_idx on call_quality_scores (tenant_id, called_at)
  include (id, call_id, agent_id, queue_id, is_call_known, score, state, form_version_id, reviewer_id, reviewer_name)
  where has_others;
comment on index call_quality_scores_others_idx is 'calls that several have scored: calibration, and calls among reviews';

-- An index alone answers for rows that a vacuum has passed: after two in a hundred, and not after twenty.
alter table call_quality_scores set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
