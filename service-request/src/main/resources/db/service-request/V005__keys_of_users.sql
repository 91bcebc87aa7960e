-- Whose key it is; none for a machine's, and for those from before.
alter table api_keys add column user_name text references users;
