-- Chunks that are not to be read: still being written, a few blocks at a time, or replaced by others. What a crash leaves here is
-- deleted like everything else in it.

create table hidden (
  chunk integer primary key
) strict;
