-- One row is one source, or one extract of it, over all the time asked for or in one month: how late its incidents came.
-- From incident and extract.
-- Caveat: days from the incident to its record are known only where both have a day; days from the record to the receipt of
-- the extract say how old a record was when it could first be counted, and grow with the length of the extract.
-- Given $start, $finish: first and last day recorded, or null; $late: days after which a record is called late.
-- Seen by: analysts.
with
dated as (
    select
        incident.source, extract_id, date_trunc('month', recorded_on)::date as month,
        recorded_on - occurred_from::date as lag,
        received_on - recorded_on as wait,
    from incident
    left join extract using (extract_id)
    where ($start is null or recorded_on >= $start::date)
        and ($finish is null or recorded_on <= $finish::date)
)
select
    source, extract_id, month,
    count(*) as n,
    count(lag) as dated,
    median(lag) as lag_median,
    quantile_cont(lag, 0.9) as lag_90,
    count(*) filter (lag > $late) as late,
    median(wait) as wait_median,
    quantile_cont(wait, 0.9) as wait_90,
    min(wait) as wait_last,
from dated
group by grouping sets ((source), (source, extract_id), (source, month), (source, extract_id, month))
order by all
