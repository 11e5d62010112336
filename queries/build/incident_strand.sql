-- One row is one strand (and sub-strand) of one incident.
-- From incident and strand_set, the combinations of strands met in this build.
-- Caveat: an incident counts once in each of its strands, so rows add to more than the total.
create view incident_strand as
select incident_id, strand, sub_strand, label
from incident
join strand_set using (strand_set)
