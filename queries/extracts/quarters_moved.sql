-- One row is one quarter in which an extract changed the number of records of its source.
-- From extract_quarter.
-- Caveat: a record that moved from one quarter to another changes both; quarters that came out the same are absent.
-- Given $extract_id: one extract.
-- Seen by: analysts.
select quarter_start, n_before, n_after, n_after - n_before as difference,
from extract_quarter
where extract_id = $extract_id and n_before <> n_after
order by quarter_start
