-- One row is one quarter, area and strand with more sentence uplifts than convictions.
-- From court_result and extract.
-- Caveat: one of the two figures is wrong.
-- Severity: error
-- Says: More announced sentence uplifts than convictions are recorded.
-- Seen by: analysts.
select extract.source, extract_id, line, quarter_start, area_code, strand, convicted, uplift_announced,
from court_result
left join extract using (extract_id)
where uplift_announced > convicted
order by extract_id, line
