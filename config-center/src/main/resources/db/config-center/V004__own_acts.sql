-- What a center did by itself comes from a node of ZooKeeper, and may be brought twice.
alter table config_audit add column own_act text;

create unique index config_audit_of_own_act on config_audit (own_act) where own_act is not null;
