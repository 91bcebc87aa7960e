-- Messages on their way to the broker. A service copies this into its own first migration.
create table outbox (
    id           bigint generated always as identity primary key,
    destination  text    not null,
    topic        boolean not null,
    group_id     text,
    body         text    not null
);
