-- One row is one extract with how many of its records are known at each level of areas.
-- From the tables that hold areas.
-- Caveat: a table that lacks a level counts none there; monthly counts that stand for purged records are left aside.
select extract_id, count(*) as n, count(lsoa) as lsoa, count(ward) as ward, count(locality) as locality,
    count(district) as district, count(force) as force, count(region) as region, count(easting) as placed
from incident
group by extract_id
union all
select extract_id, count(*), 0, 0, 0, count(district), count(force), count(region), 0
from referral
group by extract_id
union all
select extract_id, count(*), count(lsoa), count(ward), count(locality), count(district), count(force), count(region),
    count(easting)
from stop_search
group by extract_id
union all
select extract_id, count(*), count(lsoa), count(ward), count(locality), count(district), count(force), count(region),
    count(easting)
from reporting_centre
group by extract_id
union all
select extract_id, count(*), 0, count(ward), count(locality), count(district), count(force), count(region),
    count(easting)
from candidate_venue
group by extract_id
