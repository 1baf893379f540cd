-- First-contact resolution [H4], from stored sums for any number of days.

-- Answered calls by the day within which their caller called the sector again (61: not within sixty), packed like waits; and of
-- how many of them, by the queues they had been answered in before on the same local day, so that a total counts each once [T5].
alter table performance_trends
  add column contacts bytea not null default '',
  add column contact_repeats jsonb not null default '[]';
-- For the rows there are: whoever writes one says it.
alter table performance_trends alter column contacts drop default, alter column contact_repeats drop default;

-- The sectors of queues by which contacts are counted: while they are not those of now, contacts are being recounted.
alter table projection_checkpoints add column sectors text not null default '';

comment on index queue_visits_caller_idx is 'calls: the visits of a caller; first contacts: when he called again';
