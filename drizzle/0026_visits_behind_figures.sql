-- Visits that a figure leaves out, which are few: found without going through all there are.

create index queue_visits_callback_idx on queue_visits (tenant_id, entered_at, call_id, nth)
  include (queue_id, outcome, wait_ms) where origin = 'callback';
comment on index queue_visits_callback_idx is 'calls: visits of origin callback';
create index queue_visits_repeated_idx on queue_visits (tenant_id, entered_at, call_id, nth)
  include (queue_id, outcome, earlier_queues) where earlier_queues <> '{}';
comment on index queue_visits_repeated_idx is 'calls: visits of calls that had been in a queue before';
