-- What must outlive a power cut: hosts, containers, their lives, and what happened to them.

create table meta (
  key   text not null primary key,
  value text not null
) strict, without rowid;

create table hosts (
  id   integer primary key,
  name text not null unique
) strict;

-- A column that only an inspection fills is null until one did.
create table containers (
  id              integer primary key,
  host            integer not null references hosts (id),
  container       text not null,              -- the engine's id
  name            text not null,
  image           text not null,
  image_digest    text,
  state           text not null,
  health          text not null,
  created_at      integer not null,
  started_at      integer,
  finished_at     integer,
  exit_code       integer,
  oom_killed      integer not null,
  restarts        integer,
  project         text,
  service         text,
  network         text not null,              -- JSON
  ports           text not null,              -- JSON
  labels          text not null,              -- JSON
  command         text,                       -- JSON
  restart_policy  text,
  limits          text,                       -- JSON
  mounts          text not null,              -- JSON
  networks        text not null,              -- JSON
  removed_at      integer,                    -- set on a tombstone: when it was seen to be gone
  unique (host, container)
) strict;

create index containers_by_name on containers (host, name, created_at);
create index containers_by_place on containers (host, project, service, created_at) where project is not null;
create index containers_by_removal on containers (removed_at) where removed_at is not null;

-- A life goes from start to end of a container's main process. Ids are never used twice: readings name them.
create table lives (
  id         integer primary key autoincrement,
  container  integer not null references containers (id) on delete cascade,
  began_at   integer not null,
  guessed    integer not null,                -- 1: nobody saw it begin, began_at is its first reading
  told_at    integer,                         -- when its start event said it began; null without one
  ended_at   integer,
  exit_code  integer,
  oom_killed integer not null default 0
) strict;

create index lives_of_container on lives (container, began_at);
create index lives_by_end on lives (ended_at) where ended_at is not null;

-- The container is named by the engine's id, because what happened to it may be known when nothing else is.
create table events (
  id        integer primary key autoincrement,
  host      integer not null references hosts (id),
  container text not null,
  at        integer not null,
  kind      text not null,
  name      text not null,
  detail    text,
  unique (container, at, kind, host)
) strict;

create index events_by_time on events (at, id);
create index events_of_host on events (host, at, id);
