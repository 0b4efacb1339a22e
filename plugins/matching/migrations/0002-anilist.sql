-- What AniList answered, so that a title is asked about once. Nothing else is kept: its terms forbid collecting its data.
create table anilist_answers (
  -- In lower case, with single blanks.
  title text primary key,
  -- As `anilist/model.ts` describes them; an empty list is an answer too.
  works jsonb not null,
  expires_at timestamptz not null
);
