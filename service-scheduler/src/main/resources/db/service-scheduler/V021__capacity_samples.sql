-- What tasks were seen to use: seconds for hours, then minutes for weeks, then quantiles by month. Columns are named as in
-- files of measurements.
create table capacity_series (
    id      bigint generated always as identity primary key,
    service text   not null,
    mode    text   not null,
    image   text   not null,
    tenant  text   not null,
    task    text   not null,
    unique (service, mode, image, tenant, task)
);

create table capacity_sample (
    series           bigint      not null references capacity_series on delete cascade,
    at               timestamptz not null,
    concurrent_calls real,
    call_rate        real,
    net_rx_pps       real,
    net_tx_pps       real,
    messages_s       real,
    talking_calls    real,
    queued_calls     real,
    peak_calls       real,
    cpu_cores_used   real,
    mem_bytes        real,
    net_rx_bytes_s   real,
    net_tx_bytes_s   real,
    rec_bytes_s      real,
    primary key (series, at)
);

create index capacity_sample_at on capacity_sample (at);

create table capacity_minute (
    series           bigint      not null references capacity_series on delete cascade,
    minute           timestamptz not null,
    samples          integer     not null,
    concurrent_calls real,
    cpu_mean         real,
    cpu_peak         real,
    mem_mean         real,
    mem_peak         real,
    primary key (series, minute)
);

create index capacity_minute_minute on capacity_minute (minute);

-- Sketches of minutes' means by month and by load; a band is a power of two of calls at once, 0 for none.
create table capacity_quantiles (
    service  text  not null,
    mode     text  not null,
    image    text  not null,
    tenant   text  not null,
    month    date  not null,
    band     integer not null,
    resource text  not null,
    sketch   bytea not null,
    primary key (service, mode, image, tenant, month, band, resource)
);

-- Models that use has left; plans add so much to their bounds until another version is in force.
create table capacity_drift (
    version  bigint           primary key references capacity_model,
    factor   double precision not null,
    detail   text             not null,
    found_at timestamptz      not null
);
