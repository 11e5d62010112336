-- One row is one value or record that was refused.
-- From reject and extract.
-- Caveat: a value that could identify a person is not kept.
-- Given $extract_id: one extract, or null; $reason: one reason, or null; $limit: most rows wanted; $offset: rows to pass over.
-- Seen by: analysts.
select extract_id, file, line, source_column, value, reason, row_refused,
from reject
join extract using (extract_id)
where ($extract_id is null or extract_id = $extract_id)
    and ($reason is null or reason = $reason)
order by extract_id, line, source_column
limit $limit offset $offset
