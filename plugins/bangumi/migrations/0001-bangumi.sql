-- What Bangumi said, kept so that it is asked rarely and so that it may be away. Nothing here refers to anything else and nothing
-- else to it by a foreign key: an id may be known before its subject is.
create table bangumi_subjects (
  id integer primary key,
  name text not null,
  name_cn text not null,
  -- 别名 of the infobox, in its order.
  aliases jsonb not null,
  platform text not null,
  date date,
  eps integer not null,
  total_episodes integer not null,
  nsfw boolean not null,
  -- Address of the cover.
  image text,
  -- Everything that was ever said, fields that we do not read included.
  raw jsonb not null,
  -- Exact to the hour: an answer that says the same again is not written for the time alone.
  fetched_at timestamptz not null default now()
);

create table bangumi_episodes (
  -- A mirror may number its episodes far beyond Bangumi's own two millions.
  id bigint primary key,
  subject_id integer not null,
  type smallint not null,
  -- Both may be 7.5.
  sort double precision not null,
  ep double precision not null,
  name text not null,
  name_cn text not null,
  airdate date
);
create index on bangumi_episodes (subject_id, type, sort);

create table bangumi_relations (
  subject_id integer not null,
  -- From 0, in Bangumi's order.
  position integer not null,
  related_id integer not null,
  type smallint not null,
  relation text not null,
  name text not null,
  name_cn text not null,
  primary key (subject_id, position)
);

-- When a subject's list was last asked for; it may be an empty one.
create table bangumi_lists (
  subject_id integer not null,
  list text not null check (list in ('episodes', 'relations')),
  fetched_at timestamptz not null default now(),
  primary key (subject_id, list)
);

create table bangumi_searches (
  keyword text collate "C" primary key,
  -- Best first; empty when nothing was found.
  subject_ids integer[] not null,
  asked_at timestamptz not null default now()
);

-- Until when Bangumi is to be left alone (HTTP 429), by who it knows us as: a hash of address, proxy and token.
create table bangumi_rests (
  identity text primary key,
  until timestamptz not null
);
