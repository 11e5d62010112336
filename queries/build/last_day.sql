-- One row is the last day on which an incident was recorded; a referral or search where there is no incident.
-- From incident, referral and stop_search.
-- Caveat: empty where the snapshot holds none of them.
select coalesce(
    (select max(recorded_on) from snapshot.incident),
    (select max(received_on) from snapshot.referral),
    (select max(searched_on)::date from snapshot.stop_search)
) as last_day
