-- Keys of OPEN orders that are deleted: such a key must not open another instance, however late it comes again. Kept for
-- good, which is why it is a hash of 32 bytes and nothing else.
create table spent_keys (
    tenant   text        not null,
    key_hash bytea       not null,
    spent_at timestamptz not null,
    primary key (tenant, key_hash)
);

-- Entries of instances beside any order; those of orders are found by their order. Timeline rows never change, so that
-- an index on a time costs no update.
create index timeline_beside_orders on timeline (at) where order_id is null;
