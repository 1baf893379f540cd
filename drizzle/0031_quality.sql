-- Reviews of calls: the forms by which they are scored, and the scores.

-- One version of a form. Only a draft changes: what was published, and may have been scored on, stays as it was.
create table quality_forms (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id uuid not null,
  form_id uuid not null,
  version integer not null check (version > 0),
  state text not null check (state in ('draft', 'published', 'retired')),
  name text not null,
  guidance text not null,
  pass_mark double precision not null check (pass_mark between 0 and 100),
  -- [{ name, guidance, criteria: [{ id, name, guidance, scale, possible, weight, critical, allowNotApplicable }] }]
  sections jsonb not null,
  -- Moves with every change of a draft.
  revision integer not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  -- An e-mail address.
  created_by text not null,
  published_at timestamptz,
  retired_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, form_id, version)
);
create unique index quality_forms_draft_idx on quality_forms (tenant_id, form_id) where state = 'draft';
comment on index quality_forms_draft_idx is 'a form has one draft at most';
create unique index quality_forms_published_idx on quality_forms (tenant_id, form_id) where state = 'published';
comment on index quality_forms_published_idx is 'a form has one published version at most';
create unique index quality_forms_name_idx on quality_forms (tenant_id, name) where state = 'published';
comment on index quality_forms_name_idx is 'the form an event names; no two in use are called the same';

create function keep_published_form() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if old.state <> 'draft' and (new.state = 'draft'
    or (old.name, old.guidance, old.pass_mark, old.sections) is distinct from (new.name, new.guidance, new.pass_mark, new.sections))
  then
    raise exception 'quality_forms: a published version does not change' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger quality_forms_keep before update on quality_forms
  for each row execute function keep_published_form();

-- One call of one agent, scored by a reviewer. It refers to (call, agent) and not to a visit, whose id may shift when a late
-- event arrives; where and when the call was is noted as it was known, and again when it becomes known.
create table call_quality_scores (
  tenant_id uuid not null references tenants (id) on delete cascade,
  id uuid not null,
  call_id text not null,
  -- A name of the agent. Null: the source named nobody, and the call is not known.
  agent_id text,
  queue_id text,
  -- When the call entered the queue; while it is not known, when it was reviewed.
  called_at timestamptz not null,
  is_call_known boolean not null,
  -- A person's here, or an integrator's event, which it goes with.
  origin text not null check (origin in ('review', 'event')),
  event_seq bigint check ((event_seq is null) = (origin = 'review')),
  -- An account. Without a foreign key: a review stays when its reviewer leaves.
  reviewer_id uuid check ((reviewer_id is null) = (origin = 'event')),
  reviewer_name text not null,
  -- Null: not one of our forms.
  form_version_id uuid,
  form_name text not null,
  -- [{ criterionId, points, comment }], points null where not applicable.
  answers jsonb not null,
  comment text not null default '',
  score double precision check (score between 0 and 100),
  is_passed boolean,
  failed_critical text[] not null default '{}',
  state text not null check (state in ('draft', 'signed', 'acknowledged', 'disputed', 'resolved')),
  -- Moves with every change.
  version integer not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  signed_at timestamptz check ((signed_at is null) = (state = 'draft')),
  -- { at, by, comment } each.
  acknowledged jsonb,
  disputed jsonb,
  resolved jsonb,
  -- { answers, score, isPassed, failedCritical } as they were before a resolution changed them.
  original jsonb,
  primary key (tenant_id, id),
  foreign key (tenant_id, form_version_id) references quality_forms (tenant_id, id)
);
create unique index call_quality_scores_once_idx on call_quality_scores (tenant_id, call_id, agent_id, reviewer_id)
  where origin = 'review';
comment on index call_quality_scores_once_idx is 'a reviewer scores a call of an agent once; the scores of a call';
create unique index call_quality_scores_event_idx on call_quality_scores (tenant_id, event_seq) where event_seq is not null;
comment on index call_quality_scores_event_idx is 'an event is taken once; taking it back with its import';
create index call_quality_scores_called_idx on call_quality_scores (tenant_id, called_at, id);
comment on index call_quality_scores_called_idx is 'scores of a range of days, newest first';
create index call_quality_scores_agent_idx on call_quality_scores (tenant_id, agent_id, called_at);
comment on index call_quality_scores_agent_idx is 'scores of some agents in a range of days';
create index call_quality_scores_call_idx on call_quality_scores (tenant_id, call_id);
comment on index call_quality_scores_call_idx is 'who has scored a call: calibration, sampling';
create index call_quality_scores_form_idx on call_quality_scores (tenant_id, form_version_id);
comment on index call_quality_scores_form_idx is 'whether a version of a form is in use; the foreign key';
create index call_quality_scores_unknown_idx on call_quality_scores (tenant_id, created_at) where not is_call_known;
comment on index call_quality_scores_unknown_idx is 'scores whose calls may have become known';

-- How far the log has been read for events that are scores; moved in the transaction that writes them.
create table quality_checkpoints (
  tenant_id uuid primary key references tenants (id) on delete cascade,
  seq bigint not null default 0,
  recorded_at timestamptz not null default 'epoch',
  -- Of the roll-ups, when calls that were not known were last looked for.
  version bigint not null default 0,
  -- Moves with every change of a score or form: what is kept of them elsewhere holds as long as it stands still.
  changes bigint not null default 0
);

alter table settings
  add column reviews_per_agent_per_month integer not null default 4
    check (reviews_per_agent_per_month between 0 and 1000);

do $$
declare
  owned text;
begin
  foreach owned in array array['quality_forms', 'call_quality_scores', 'quality_checkpoints'] loop
    execute format('alter table %I enable row level security', owned);
    execute format('alter table %I force row level security', owned);
    execute format(
      'create policy tenant on %I using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
      owned
    );
    execute format('grant select, insert, update, delete on %I to callboard_app', owned);
  end loop;
end
$$;
