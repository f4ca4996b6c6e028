-- The sample history as it is kept from here on: what one sweep of a host read, appended as it arrives; later packed into
-- chunks by time. Bytes are plimsoll_history's. Blobs of some kilobytes spill in tables without rowid, so these have one.
--
-- The table readings is no longer written. What it holds is read until it is too old, and then deleted.

create table tails (
  id    integer primary key,
  host  integer not null,                     -- hosts.id in plimsoll.db
  at    integer not null,                     -- when the sweep began
  bytes blob not null
) strict;

-- The same sweep twice is one.
create unique index tails_by_time on tails (host, at);

-- Tails that are in a chunk, from the moment the chunk is there: they are read no more, and deleted a few at a time.
create table packed (
  host  integer not null,
  at    integer not null,
  primary key (host, at)
) strict, without rowid;

-- A chunk is one host's history over a stretch of time at one resolution; the lives of a large host are in several parts.
-- Ids only grow: a chunk with a greater id than that of what was made of its stretch came later.
create table chunks (
  id        integer primary key autoincrement,
  host      integer not null,
  tier      integer not null,                 -- 0: every reading; greater is coarser
  began_at  integer not null,                 -- the stretch's first moment
  ended_at  integer not null,                 -- the first moment after it
  part      integer not null,
  last_at   integer not null,                 -- the newest instant in it
  front     blob not null                     -- what its blocks have in common
) strict;

create unique index chunks_by_time on chunks (host, tier, began_at, part);
create index chunks_by_end on chunks (tier, ended_at);

-- One life's share of a chunk; tier and began_at are the chunk's.
create table blocks (
  id        integer primary key,
  chunk     integer not null,
  life      integer not null,                 -- lives.id in plimsoll.db
  tier      integer not null,
  began_at  integer not null,
  bytes     blob not null
) strict;

create unique index blocks_of_life on blocks (life, tier, began_at, chunk);
create index blocks_of_chunk on blocks (chunk);

-- Why readings are missing.
create table gaps (
  id        integer primary key,
  host      integer not null,
  began_at  integer not null,
  ended_at  integer not null,
  bytes     blob not null,
  unique (host, began_at, ended_at, bytes)
) strict;
