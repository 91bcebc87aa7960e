-- A deployment is written once and then updated some three times within a second; with half a page free the updates stay
-- in the page and touch no index, except the one that changes whether it is settled.
alter table deployment set (fillfactor = 50);
