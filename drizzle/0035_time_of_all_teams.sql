-- How all agents spent a bucket of time, as a row of its own beside those of the teams: with the queues {''}, as a queue's total has
-- the id ''. A year of quarter hours is read through it as so many rows, and not as many times that as there are teams.

-- The rows there are belong to every tenant, and whoever owns the table is bound by its row security, too.
alter table team_trends no force row level security;
insert into team_trends (
  tenant_id, grain, bucket, queues, talking_ms, outbound_ms, hold_ms, ringing_ms, wrap_up_ms, paused_ms, available_ms)
select tenant_id, grain, bucket, array[''], sum(talking_ms), sum(outbound_ms), sum(hold_ms), sum(ringing_ms), sum(wrap_up_ms),
  sum(paused_ms), sum(available_ms)
from team_trends group by tenant_id, grain, bucket;
alter table team_trends force row level security;

create index team_trends_all_idx on team_trends (tenant_id, grain, bucket)
  include (talking_ms, outbound_ms, hold_ms, ringing_ms, wrap_up_ms, paused_ms, available_ms) where queues = '{""}';
comment on index team_trends_all_idx is 'how all agents spent a range of buckets';
