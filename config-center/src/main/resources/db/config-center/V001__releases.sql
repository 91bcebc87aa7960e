create table release (
    application text        not null,  -- TENANT/APPLICATION
    namespace   text        not null,  -- STAGE/NAMESPACE
    number      bigint      not null,
    made_at     timestamptz not null,
    content     bytea       not null,  -- as in ZooKeeper, with its hash; encrypted items stay sealed
    primary key (application, namespace, number)
);

create index release_made_at on release (made_at);
