-- Torrents that are in the library, or about to be.
create table qbittorrent_torrents (
  -- As qBittorrent names it: 40 hex digits.
  hash text primary key,
  -- Seconds since 1970, by qBittorrent. One that was removed and downloaded again, or has more files wanted, completes anew.
  completed_at bigint not null,
  -- Wanted files that were not on disk.
  missing integer not null,
  -- The index that takes it in; null once that has ended well. One that fails takes the row with it.
  index_job uuid
);
create index qbittorrent_pending on qbittorrent_torrents (index_job) where index_job is not null;

-- What the processes on this database tell each other.
create table qbittorrent_standing (
  -- When one of them last took its turn to look.
  turn_at timestamptz not null,
  -- When qBittorrent was last asked; null: never.
  asked_at timestamptz,
  -- Why it did not answer then; null when it did. May be read by admins.
  problem text,
  only_row boolean primary key default true check (only_row)
);
insert into qbittorrent_standing (turn_at) values ('-infinity');

-- Addresses that have banned this machine after wrong passwords, until when: every process leaves them alone.
create table qbittorrent_bans (
  base_url text primary key,
  until timestamptz not null
);
