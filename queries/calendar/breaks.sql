-- One row is one change in recording that falls in the period and holds for the area.
-- From series_break; what lies above the area from area.
-- Caveat: no percentage is given across a break.
-- Given $start, $finish: the period, or null; $area: the area, or null for every break.
-- Seen by: everyone.
with recursive
above as (
    select $area::varchar as area_code
    union
    select area.parent
    from area
    join above using (area_code)
    where area.parent is not null
)
select break_id, happened_on, area_code, reason_en, reason_cy,
from series_break
where ($start::date is null or happened_on >= $start::date)
    and ($finish::date is null or happened_on <= $finish::date)
    and ($area is null or area_code is null or area_code in (select area_code from above))
order by happened_on, break_id
