-- One row is one incident whose strand mask has other strands than its strand rows.
-- From incident and incident_strand.
-- Caveat: none; this is the build checking itself.
-- Given $strands: code and bit of each strand.
-- Severity: error
-- Says: The strands were stored in two ways that disagree; build the snapshot again and report the fault.
-- Seen by: analysts.
with
strand as (
    select unnest($strands, recursive := true)
),
listed as (
    select incident_id, bit_or(strand.bit)::integer as mask
    from incident_strand
    join strand on strand.code = incident_strand.strand
    group by incident_id
)
select incident_id, incident.source, extract_id, line, recorded_on, coalesce(strand_mask, 0) as strand_mask, coalesce(mask, 0) as mask,
from incident
left join listed using (incident_id)
where coalesce(strand_mask, 0) <> coalesce(mask, 0)
order by incident_id
