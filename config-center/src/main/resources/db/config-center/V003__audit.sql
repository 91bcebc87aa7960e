create table config_audit (
    sequence    bigint      generated always as identity primary key,
    at          timestamptz not null,  -- when the call began
    tenant      text,
    actor       text        not null,
    api_key     text,                  -- of the actor, if that is how the call was made
    request_id  text        not null,
    action      text        not null,
    application text,
    stage       text,
    namespace   text,
    object      text,                  -- the freeze, key, canary, schedule or build that was named
    outcome     text        not null,  -- BEGUN until it is known
    status      smallint,
    code        text
);

create index config_audit_of_tenant on config_audit (tenant, sequence);
create index config_audit_at on config_audit (at);
