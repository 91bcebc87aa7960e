create table image_version (
    repository text        not null,
    version    text        not null,
    digest     text        not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
    pinned_by  text        not null,
    pinned_at  timestamptz not null,
    primary key (repository, version)
);

create table image_push (
    repository text        not null,
    digest     text        not null,
    pushed_by  text,
    pushed_at  timestamptz not null,
    primary key (repository, digest)
);
