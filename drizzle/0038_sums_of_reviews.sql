-- What a year of reviews comes to is read from an index alone: their rows, with answers and comments, are ten times as wide.
-- A list of ids has no bound an index could hold; whether it is empty has.
alter table call_quality_scores
  add column has_failed_critical boolean not null generated always as (failed_critical <> '{}') stored;

drop index call_quality_scores_called_idx;
create index call_quality_scores_called_idx on call_quality_scores (tenant_id, called_at, id)
  include (call_id, agent_id, queue_id, is_call_known, score, is_passed, has_failed_critical, state, form_version_id, reviewer_id);
comment on index call_quality_scores_called_idx is 'scores of a range of days, newest first; what they come to, without their rows';
