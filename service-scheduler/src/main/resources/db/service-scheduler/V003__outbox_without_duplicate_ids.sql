-- Consumers know what they have had by themselves.
alter table outbox drop column duplicate_id;
