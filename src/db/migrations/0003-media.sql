-- The library: what lies in the media folder, and what the names say. `src/library/store.ts` holds every statement on it.
create table media_files (
  -- Given when the file is first seen, kept over renames and moves; everything that hangs on a file refers to it.
  id text primary key check (id ~ '^[0-9a-f]{16}$'),
  -- Relative to the media folder, as shown. "C": ordered and compared by bytes, the same on every server.
  path text collate "C" not null unique,
  -- The real path, only where it is not UTF-8 and `path` is an escaped form of it.
  path_bytes bytea,
  size bigint not null,
  -- Microseconds since 1970: a timestamptz that went through JavaScript would lose the last three digits.
  mtime bigint not null,
  -- Tells files of one size and time apart when they move; 0: not known.
  inode bigint not null,
  added_at timestamptz not null default now()
);

create table media_parses (
  media_id text primary key references media_files (id) on delete cascade,
  title text,
  -- A number that people give to episodes: 7.5 is one.
  episode double precision,
  season integer,
  release_group text,
  resolution text,
  -- Everything that the parser saw, by element, each a list.
  elements jsonb not null,
  -- Path and title, folded as a search is folded: for `q`.
  search text collate "C" not null,
  -- A file whose parse is older than the parser is parsed again.
  parser_version integer not null
);

-- What a file is, told by whoever finds out: a feature that matches files replaces this view by one on its own table (same
-- columns), and adds a trigger with library_changed() to that table. Until then nothing is known of any file.
create view library_matches as
  select null::text as media_id, null::integer as subject_id, null::integer as episode_id where false;

-- Moves with every change of what the library shows, so that an unchanged one is answered with 304. It starts at the
-- microsecond of its making: a library made anew never repeats the versions of the one before.
create table library_version (
  version bigint not null,
  only_row boolean primary key default true check (only_row)
);
insert into library_version (version) values ((extract(epoch from clock_timestamp()) * 1000000)::bigint);

-- Once a statement, not a row. The row's lock orders writers, so that a version is never seen before what it stands for.
create function library_changed() returns trigger language plpgsql as $$
begin
  update library_version set version = version + 1;
  return null;
end
$$;

create trigger library_changed after insert or update or delete or truncate on media_files
  for each statement execute function library_changed();
create trigger library_changed after insert or update or delete or truncate on media_parses
  for each statement execute function library_changed();
