create table users (
  id text primary key check (length(id) between 1 and 64),
  role text not null check (role in ('admin', 'user')),
  -- argon2id, in its own string format
  password_hash text not null,
  -- What auth.admin_password was when it was last applied to this user, hashed: it is applied again only when it changes.
  configured_hash text,
  -- Tokens carry it and die when it changes. Random, so that one made for a deleted user never fits a new one of that name.
  token_version uuid not null default gen_random_uuid(),
  created_at timestamptz not null default now()
);

-- Admin and admin are not two people.
create unique index users_name on users (lower(id));

-- Generated once, shared by every process on this database.
create table secrets (
  name text primary key,
  value text not null,
  created_at timestamptz not null default now()
);

-- Every server on this database hears at once whose tokens died, also when the command line or psql killed them.
create function notify_user_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform pg_notify('anicargo_users', json_build_object('userId', old.id, 'tokenVersion', null)::text);
  elsif new.token_version <> old.token_version then
    perform pg_notify('anicargo_users', json_build_object('userId', old.id, 'tokenVersion', new.token_version)::text);
  end if;
  return null;
end
$$;

create trigger users_changed after update or delete on users
  for each row execute function notify_user_change();
