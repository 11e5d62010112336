-- One row is one field of a table about people, with the number of rows in which it is filled.
-- From incident, incident_strand, incident_month, referral, stop_search, centre_contact, centre_survey, court_result
-- and reject.
-- Caveat: what is filled need not be right; the quality page looks into that.
-- Seen by: analysts.
select 'incident' as held_in, field, filled,
from (unpivot (select count(columns(*)) from incident) on * into name field value filled)
union all by name
select 'incident_strand' as held_in, field, filled,
from (unpivot (select count(columns(*)) from incident_strand) on * into name field value filled)
union all by name
select 'incident_month' as held_in, field, filled,
from (unpivot (select count(columns(*)) from incident_month) on * into name field value filled)
union all by name
select 'referral' as held_in, field, filled,
from (unpivot (select count(columns(*)) from referral) on * into name field value filled)
union all by name
select 'stop_search' as held_in, field, filled,
from (unpivot (select count(columns(*)) from stop_search) on * into name field value filled)
union all by name
select 'centre_contact' as held_in, field, filled,
from (unpivot (select count(columns(*)) from centre_contact) on * into name field value filled)
union all by name
select 'centre_survey' as held_in, field, filled,
from (unpivot (select count(columns(*)) from centre_survey) on * into name field value filled)
union all by name
select 'court_result' as held_in, field, filled,
from (unpivot (select count(columns(*)) from court_result) on * into name field value filled)
union all by name
select 'reject' as held_in, field, filled,
from (unpivot (select count(columns(*)) from reject) on * into name field value filled)
