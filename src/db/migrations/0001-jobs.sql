-- The job queue. A row is a piece of work from the wish to the result; `src/jobs/queue.ts` holds every statement on it.
create table jobs (
  id uuid primary key,
  job_type text not null,
  payload jsonb not null,
  -- Two active jobs of a type with one key are one job.
  dedup_key text not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'retry', 'done', 'failed')),
  priority integer not null default 0,
  -- Not before; moved on by every retry.
  run_at timestamptz not null default now(),
  -- How often it was claimed, without the attempts that were handed back unspent.
  attempts integer not null default 0,
  max_attempts integer not null check (max_attempts > 0),
  -- Who runs it; with `attempts` this is the fence behind which a worker writes.
  worker uuid,
  -- When it counts as abandoned.
  lease_until timestamptz,
  cancel_requested boolean not null default false,
  progress jsonb,
  result jsonb,
  -- May be read by every user: no paths, no SQL.
  last_error text,
  created_at timestamptz not null default now(),
  -- Of the latest attempt.
  started_at timestamptz,
  finished_at timestamptz,
  check ((status = 'running') = (worker is not null)),
  check ((worker is null) = (lease_until is null)),
  check ((status in ('done', 'failed')) = (finished_at is not null))
);

create unique index jobs_active on jobs (job_type, dedup_key) where status in ('queued', 'running', 'retry');
create index jobs_claim on jobs (job_type, priority desc, run_at, id) where status in ('queued', 'retry');
-- Without the lease in it, so that renewing one touches no index.
create index jobs_running on jobs (started_at) where status = 'running';
create index jobs_ended on jobs (finished_at) where status in ('done', 'failed');
create index jobs_newest on jobs (created_at desc, id desc);

-- Notifications come from triggers, so that no statement can forget them. The payload is the job's type for new work (equal
-- notifications of one transaction are sent once: a thousand new jobs wake a worker once) and the job's id for the others.
create function jobs_notify() returns trigger language plpgsql as $$
begin
  perform pg_notify(tg_argv[0], case tg_argv[0] when 'anicargo_jobs' then new.job_type else new.id::text end);
  return null;
end
$$;

create trigger jobs_queued after insert on jobs for each row
  when (new.status = 'queued' and new.run_at <= now())
  execute function jobs_notify('anicargo_jobs');

create trigger jobs_queued_again after update on jobs for each row
  when (old.status = 'running' and new.status in ('queued', 'retry') and new.run_at <= now())
  execute function jobs_notify('anicargo_jobs');

create trigger jobs_changed after update on jobs for each row
  when (old.status <> new.status or old.progress is distinct from new.progress)
  execute function jobs_notify('anicargo_job_changes');

create trigger jobs_cancelled after update on jobs for each row
  when (new.cancel_requested and not old.cancel_requested and new.status = 'running')
  execute function jobs_notify('anicargo_job_cancels');
