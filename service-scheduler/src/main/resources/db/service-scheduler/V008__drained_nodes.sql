-- Nodes that are emptied for maintenance.
create table drained_node (
    host       text        primary key,
    drained_at timestamptz not null
);
