-- What playing a file needs to know of it, made once in the background and kept as long as the file is the same.
drop table media_probes;

create table media_indexes (
  media_id text primary key references media_files (id) on delete cascade,
  -- Of the content that was read (MediaFile.version).
  version text not null,
  -- Inode, size and time of the file as the library had them then: others mean that it has to be read again.
  stamp text not null,
  -- `MediaIndex` as JSON, compressed with zstd; null when the file cannot be read.
  index bytea,
  -- Why not, in one line.
  problem text,
  -- Of that description: a file read by an older program is read again.
  index_version integer not null,
  indexed_at timestamptz not null default now(),
  check ((index is null) <> (problem is null))
);
