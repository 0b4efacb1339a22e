-- What the whole path says, beside what Anitomy saw in the file's name: `src/library/reader/reading.ts` tells the fields of
-- `reading`. Parses from before this have neither until the next index, which makes them again.
alter table media_parses
  add column kind text,
  add column reading jsonb not null default '{}';
