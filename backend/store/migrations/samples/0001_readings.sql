-- The sample history: one row per life and instant.

create table meta (
  key   text not null primary key,
  value text not null
) strict, without rowid;

-- Units are those of plimsoll_shared::Reading. Unsigned 64-bit counters are kept bit for bit, so the largest read as
-- negative here. cpu_percent alone is a fraction: rounding it twice would change the digits that are printed.
create table readings (
  life                   integer not null,    -- lives.id in plimsoll.db
  at                     integer not null,
  cpu_percent            real,
  cpu_total_ns           integer not null,
  cpu_periods            integer,
  cpu_throttled_periods  integer,
  cpu_throttled_ns       integer,
  memory_used            integer not null,
  memory_raw             integer not null,
  memory_limit           integer,
  memory_rss             integer,
  memory_cache           integer,
  net_received           integer,
  net_sent               integer,
  net_received_dropped   integer,
  net_sent_dropped       integer,
  block_read             integer,
  block_written          integer,
  pids                   integer,
  pids_limit             integer,
  primary key (life, at)
) strict, without rowid;
