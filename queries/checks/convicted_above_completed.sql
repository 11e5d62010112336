-- One row is one quarter, area and strand with more convictions than prosecutions.
-- From court_result and extract.
-- Caveat: one of the two figures is wrong.
-- Severity: error
-- Says: More convictions than completed prosecutions are recorded.
-- Seen by: analysts.
select extract.source, extract_id, line, quarter_start, area_code, strand, completed, convicted,
from court_result
left join extract using (extract_id)
where convicted > completed
order by extract_id, line
