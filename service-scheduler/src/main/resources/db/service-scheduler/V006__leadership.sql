-- Which of several schedulers reconciles. One row for ever: the epoch must outlive whatever elects.
create table leadership (
    singleton    boolean     primary key default true check (singleton),
    epoch        bigint      not null,
    -- Process and host, for people.
    leader       text        not null,
    since        timestamptz not null,
    -- When the leader last said that it lives; null once it has given up by itself.
    confirmed_at timestamptz
) with (fillfactor = 10);

insert into leadership (epoch, leader, since) values (0, '', now());
