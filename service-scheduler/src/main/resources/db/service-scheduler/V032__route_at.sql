-- When the balancer said last that it has taken over a snapshot; those before this version count as said long ago.
alter table deployment add column route_at timestamptz not null default 'epoch';
