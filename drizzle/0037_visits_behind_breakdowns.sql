-- Visits that breakdowns of performance are made of, which are few: found without going through all there are.
-- 10000 is SHORT_TALK_MS of shared/metrics/shortTalk.ts: another there is another index here.

create index queue_visits_short_talk_idx on queue_visits (tenant_id, entered_at, call_id, nth)
  include (queue_id, identity) where outcome = 'answered' and talk_ms < 10000;
comment on index queue_visits_short_talk_idx is 'performance: calls under 10 s, by queue and by agent';
create index queue_visits_transferred_idx on queue_visits (tenant_id, entered_at, call_id, nth)
  include (queue_id, outcome, ended_at) where is_transferred;
comment on index queue_visits_transferred_idx is 'performance: transferred calls, by where they went';
