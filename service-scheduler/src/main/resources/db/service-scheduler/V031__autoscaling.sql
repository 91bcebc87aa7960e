-- What the last order's plan carries; null where an earlier version planned it.
alter table deployment add column ordered jsonb;

-- Whose number of tasks follows the load, and what the last look at it said.
create table autoscaling (
    instance_id uuid        primary key references deployment on delete cascade,
    mode        text        not null check (mode in ('OFF', 'RECOMMEND', 'ACT')),
    min_tasks   int,
    max_tasks   int,
    shape       jsonb,
    time_zone   text        not null,
    changed_at  timestamptz not null,
    looked_at   timestamptz,
    calls       real,
    needed      real,
    tasks       int,
    reason      text
) with (fillfactor = 70);

-- Calls in progress of the last hours.
create table autoscaling_reading (
    instance_id uuid        not null references autoscaling on delete cascade,
    at          timestamptz not null,
    calls       real        not null,
    primary key (instance_id, at)
);

create index on autoscaling_reading (at);

-- The most of each half-hour of the last weeks.
create table autoscaling_half_hour (
    instance_id uuid        not null references autoscaling on delete cascade,
    begins      timestamptz not null,
    most        real        not null,
    primary key (instance_id, begins)
);

create index on autoscaling_half_hour (begins);

create table autoscaling_decision (
    id           bigint      generated always as identity primary key,
    instance_id  uuid        not null references autoscaling on delete cascade,
    at           timestamptz not null,
    mode         text        not null,
    tasks_before int         not null,
    tasks        int         not null,
    calls        real        not null,
    needed       real        not null,
    reason       text        not null
);

create index on autoscaling_decision (instance_id, id desc);
create index on autoscaling_decision (at);
