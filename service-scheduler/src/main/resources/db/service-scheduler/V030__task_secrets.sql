-- What the secrets of tasks are derived from. Made here, once, and known to nobody outside of this database.
create table task_secret_key (
    singleton boolean primary key default true check (singleton),
    key       bytea   not null
);

insert into task_secret_key (key)
values (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

-- Workloads that run already keep the environment they were started with.
alter table revision add column secret boolean not null default false;
