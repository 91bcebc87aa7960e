-- What happened to a deployment beside its status. Written once, never changed.
create table deployment_note (
    id          bigint      generated always as identity primary key,
    instance_id uuid        not null,
    at          timestamptz not null,
    note        text        not null
);

create index deployment_note_of_instance on deployment_note (instance_id, id);
create index deployment_note_at on deployment_note (at);
