-- Every consumption model that came along or was fitted, for one kind of work each. An empty image, tenant or class of
-- node stands for all of them.
create table capacity_model (
    version    bigint      generated always as identity primary key,
    service    text        not null,
    mode       text        not null,
    image      text        not null,
    tenant     text        not null,
    node_class text        not null,
    source     text        not null,
    -- Text, not jsonb: the same models are known by the same bytes.
    models     text        not null,
    digest     text        not null,
    created_by text        not null,
    created_at timestamptz not null,
    unique (service, mode, image, tenant, node_class, digest)
);

create index capacity_model_image on capacity_model (image) where image <> '';

-- What plans used one after another; the last of each scope counts.
create table capacity_activation (
    number       bigint      generated always as identity primary key,
    service      text        not null,
    mode         text        not null,
    image        text        not null,
    tenant       text        not null,
    node_class   text        not null,
    -- None where a wider scope's model was let through again.
    version      bigint      references capacity_model,
    -- What a revert goes back to.
    supersedes   bigint      references capacity_activation,
    activated_by text        not null,
    activated_at timestamptz not null
);

create index capacity_activation_scope on capacity_activation (service, mode, image, tenant, node_class, number desc);
