-- One row is nothing: the table of areas gets a remark.
-- From area.
-- Caveat: a remark takes no value from outside, so the text stands here in place of 'edges', quoted as a text.
comment on table area is 'edges'
