-- What everybody did in all queues together is read from an index alone, where the rows of a month lie together: in the table each of
-- them is on a page of its own, for it was written with its agent's.
create index agent_trends_all_idx on agent_trends (tenant_id, grain, bucket, identity)
  include (answered, handled, transferred, completed, missed_rings, outbound, callback_answered, answered_wait_ms, talk_ms, hold_ms,
    hold_known, wrap_up_ms, state_talking_ms, state_outbound_ms, state_hold_ms, state_ringing_ms, state_wrap_up_ms, state_paused_ms,
    state_available_ms, state_closed_ms, first_signed_in_at, last_signed_in_at)
  where queue_id = '';
comment on index agent_trends_all_idx is 'what everybody did in a range of buckets';
