-- What ffprobe said of a file, kept as long as the file is the same.
create table media_probes (
  media_id text primary key references media_files (id) on delete cascade,
  -- Of the content that was probed (MediaFile.version).
  version text not null,
  -- As `probe.ts` describes it.
  probe jsonb not null,
  -- Of that description: a file probed by an older program is probed again.
  probe_version integer not null,
  probed_at timestamptz not null default now()
);
