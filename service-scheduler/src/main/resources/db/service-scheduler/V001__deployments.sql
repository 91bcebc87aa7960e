-- What should run for each service instance, and how far it is.
create table deployment (
    instance_id       uuid        primary key,
    tenant            text        not null,
    instance_name     text        not null,
    service_type      text        not null,
    goal              text        not null,
    revision          bigint      not null,
    wanted_tasks      integer     not null,
    cpu_millis        integer     not null,
    memory_mib        integer     not null,
    explanation       text        not null,
    order_id          uuid        not null,
    ordered_at        timestamptz not null,
    -- The last task snapshot that was published, and the last one the balancer has taken over.
    snapshot_sequence bigint      not null,
    snapshot_at       timestamptz not null,
    route_sequence    bigint      not null,
    published         jsonb       not null,
    draining          jsonb       not null,
    event_sequence    bigint      not null,
    status            jsonb       not null,
    progress_at       timestamptz not null,
    changed_at        timestamptz not null,
    -- Nothing is left to do until an order or the engine says otherwise.
    settled           boolean     not null,
    -- Grows with every change except the route's, so that two writers can't overwrite each other.
    version           bigint      not null
);

create index deployment_tenant on deployment (tenant, instance_name);
create index deployment_unsettled on deployment (instance_id) where not settled;

-- A state of a deployment that runs, or ran, as a workload of its own.
create table revision (
    instance_id   uuid        not null references deployment,
    number        bigint      not null,
    workload      text        not null unique,
    image         text        not null,
    ports         jsonb       not null,
    -- Text, not jsonb: a task's environment must keep every byte for as long as the workload lives.
    parameters    text        not null,
    cpu_millis    integer     not null,
    memory_mib    integer     not null,
    config_access boolean     not null,
    created_at    timestamptz not null,
    -- When the engine had forgotten the workload.
    retired_at    timestamptz,
    primary key (instance_id, number)
);

create index revision_live on revision (instance_id) where retired_at is null;

-- Orders whose effect is stored; a message that comes again changes nothing.
create table handled_order (
    order_id    uuid        primary key,
    instance_id uuid        not null,
    handled_at  timestamptz not null
);

create table outbox (
    id           bigint generated always as identity primary key,
    destination  text    not null,
    topic        boolean not null,
    group_id     text,
    duplicate_id text    not null,
    body         text    not null
);
