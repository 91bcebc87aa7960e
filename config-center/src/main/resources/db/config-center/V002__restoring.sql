-- One row: the restore that began last, the only one that may write. Another one that wakes up late finds another name.
create table restoring (
    holder text not null
);

insert into restoring values ('');
