create table tenants (
    name       text        primary key,
    title      text        not null,
    created_at timestamptz not null
);

-- A user without a tenant is an operator.
create table users (
    name          text        primary key,
    tenant        text        references tenants,
    password_hash text        not null,
    created_at    timestamptz not null
);
create index users_of_tenant on users (tenant);

create table api_keys (
    id          text        primary key,
    tenant      text        not null references tenants,
    label       text        not null,
    secret_hash bytea       not null,
    created_at  timestamptz not null,
    revoked_at  timestamptz
);
create index api_keys_of_tenant on api_keys (tenant);

create table image_pins (
    service_type text        primary key,
    reference    text        not null,
    pinned_by    text        not null,
    pinned_at    timestamptz not null
);

-- Instances, orders and the timeline have no foreign keys between them: they are written together by one statement each
-- for many orders at once, and the lock a foreign key takes on the tenant's row would make all of them queue up there.
-- The fill factor leaves room for the updates that follow each insert; no index names a column that they change, so
-- that they stay within the page.
create table instances (
    id                       uuid        primary key,
    tenant                   text        not null,
    name                     text        not null,
    service_type             text        not null,
    plan                     text        not null,
    image                    text        not null,
    parameters               text        not null,
    agents                   int         not null,
    calls_per_hour           int         not null,
    average_handling_seconds int         not null,
    living                   boolean     not null,
    state                    text        not null,
    message                  text        not null,
    addresses                text        not null,
    ready_tasks              int         not null,
    wanted_tasks             int         not null,
    -- how many orders it has had: numbers them
    orders                   int         not null,
    deployment_sequence      bigint      not null,
    route_sequence           bigint      not null,
    -- the youngest order after which all its tasks were ready
    steady_order             int         not null,
    tasks_removed            boolean     not null,
    route_removed            boolean     not null,
    created_at               timestamptz not null,
    changed_at               timestamptz not null
) with (fillfactor = 70);
create unique index instances_living_name on instances (tenant, name) where living;
create index instances_of_tenant on instances (tenant, id);

create table orders (
    id                       uuid        primary key,
    tenant                   text        not null,
    idempotency_key          text        not null,
    request_hash             text        not null,
    kind                     text        not null,
    state                    text        not null,
    instance_id              uuid        not null,
    number                   int         not null,
    agents                   int,
    calls_per_hour           int,
    average_handling_seconds int,
    -- entries in its timeline
    entries                  int         not null,
    accepted_at              timestamptz not null,
    ended_at                 timestamptz
) with (fillfactor = 70);
create unique index orders_key on orders (tenant, idempotency_key);
create index orders_of_tenant on orders (tenant, id);
create index orders_of_instance on orders (instance_id, number);

-- What happened to orders and, where order_id is null, to instances beside any order. Written once, never changed.
-- (tx, position) is the place of an entry in the feed of all changes: a reader that only looks at transactions older
-- than any that still runs sees each entry once and in this order.
create table timeline (
    tx          xid8        not null default pg_current_xact_id(),
    position    bigint      not null generated always as identity,
    tenant      text        not null,
    instance_id uuid        not null,
    order_id    uuid,
    sequence    int         not null,
    at          timestamptz not null,
    state       text        not null,
    step        text        not null,
    message     text        not null
);
create unique index timeline_of_order on timeline (order_id, sequence) where order_id is not null;
create index timeline_feed on timeline (tx, position);

create table outbox (
    id           bigint  generated always as identity primary key,
    destination  text    not null,
    topic        boolean not null,
    group_id     text,
    duplicate_id text    not null,
    body         text    not null
);
