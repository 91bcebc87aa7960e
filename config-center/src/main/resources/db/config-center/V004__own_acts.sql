-- What a center did by itself comes from a node of ZooKeeper, and may be brought twice.
alter table config_audit add column own_act text unique;
