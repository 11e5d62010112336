-- One row is one event that falls on a day of the period.
-- From calendar_event.
-- Caveat: an event is context, not cause.
-- Given $start, $finish: the period, or null.
-- Seen by: everyone.
select event_id, starts_on, ends_on, name_en, name_cy, event_type, shade_trend, source_note,
from calendar_event
where ($start::date is null or ends_on >= $start::date)
    and ($finish::date is null or starts_on <= $finish::date)
order by starts_on, event_id
