-- How much room each tier takes, kept up to date so that nobody has to look at every block to know. Tier -1 is what is not packed yet.

create table room (
  tier       integer primary key,
  bytes      integer not null,                -- with what indexes and row headers take, about
  covered_ms integer not null                 -- the length of its blocks' stretches, one after the other
) strict;

insert into room (tier, bytes, covered_ms)
select -1, coalesce(sum(length(bytes) + 32), 0), 0
from tails;

insert into room (tier, bytes, covered_ms)
select tiers.tier,
       coalesce((select sum(length(blocks.bytes) + 64) from blocks where blocks.tier = tiers.tier), 0)
         + coalesce((select sum(length(chunks.front) + 64) from chunks where chunks.tier = tiers.tier), 0),
       coalesce((
         select sum(chunks.ended_at - chunks.began_at)
         from chunks
         join blocks on blocks.chunk = chunks.id
         where chunks.tier = tiers.tier
       ), 0)
from (select 0 as tier union all select 1 union all select 2 union all select 3 union all select 4) tiers;

create trigger tail_came after insert on tails begin
  update room set bytes = bytes + length(new.bytes) + 32 where tier = -1;
end;

create trigger tail_went after delete on tails begin
  update room set bytes = bytes - length(old.bytes) - 32 where tier = -1;
end;

create trigger chunk_came after insert on chunks begin
  update room set bytes = bytes + length(new.front) + 64 where tier = new.tier;
end;

create trigger chunk_went after delete on chunks begin
  update room set bytes = bytes - length(old.front) - 64 where tier = old.tier;
end;

create trigger block_came after insert on blocks begin
  update room
  set bytes = bytes + length(new.bytes) + 64,
      covered_ms = covered_ms + coalesce((select ended_at - began_at from chunks where id = new.chunk), 0)
  where tier = new.tier;
end;

create trigger block_went after delete on blocks begin
  update room
  set bytes = bytes - length(old.bytes) - 64,
      covered_ms = covered_ms - coalesce((select ended_at - began_at from chunks where id = old.chunk), 0)
  where tier = old.tier;
end;
