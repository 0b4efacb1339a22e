-- What each file is: chosen by hand, or found by the rules.
create table media_matches (
  media_id text primary key references media_files (id) on delete cascade,
  subject_id integer not null,
  -- Null: the subject is known, the episode is not (or there is none, as with an opening).
  -- Beyond integer: a mirror may number its episodes as it likes.
  episode_id bigint,
  method text not null check (method in ('auto', 'manual')),
  confidence double precision not null check (confidence between 0 and 1),
  -- A line a person can check.
  reason text not null,
  matched_at timestamptz not null default now()
);
create index media_matches_subject on media_matches (subject_id);

-- What a file may be, for people who pick by hand. Rank 1 is the best.
create table match_candidates (
  media_id text not null references media_files (id) on delete cascade,
  rank integer not null check (rank > 0),
  subject_id integer not null,
  confidence double precision not null check (confidence between 0 and 1),
  reason text not null,
  -- As they were when the file was looked at.
  name text not null,
  name_cn text not null,
  primary key (media_id, rank)
);

-- That the rules looked at a file, and what they looked at: as long as that is the same, nothing is asked and written again.
create table match_decisions (
  media_id text primary key references media_files (id) on delete cascade,
  -- A hash, see `plan.ts`.
  inputs text not null,
  outcome text not null check (outcome in ('matched', 'candidates', 'unknown')),
  decided_at timestamptz not null default now()
);

-- Not replaced: the type of a column could not change then.
drop view library_matches;
create view library_matches as select media_id, subject_id, episode_id from media_matches;

create trigger library_changed after insert or update or delete or truncate on media_matches
  for each statement execute function library_changed();
