-- An order's rows are written once and then updated some four times within a second; with half a page free the updates
-- stay in the page and touch no index.
alter table instances set (fillfactor = 50);
alter table orders set (fillfactor = 50);
