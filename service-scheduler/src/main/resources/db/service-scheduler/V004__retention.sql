-- A revision is retired once, so this costs one entry in its life. Handled orders need none: their ids grow with time.
create index revision_retired on revision (retired_at) where retired_at is not null;
