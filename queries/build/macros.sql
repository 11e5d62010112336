-- One row is one macro of a snapshot: what matches the shared filters, and what a dimension is.
-- From incident, incident_month and referral; run once, at the end of a build.
-- Caveat: a field of the filters is read as f['start']; f.start does not bind inside a macro. Bound as a struct,
-- the tests on absent fields fold away and the rest is pushed into the scan.

-- Incidents that are too old to be held one by one count in their months, once for each; what else is known of an
-- incident is not known of them, so a filter on it finds none of them.
create or replace macro matching(f) as table
with counted as (
    from incident
    union all by name
    select
        source, kind, crime_type, channel, online, district, force, region, strand_mask, strand_set, extract_id,
        month as recorded_on,
        unnest(range(n)) as one,
    from incident_month
)
select
    * exclude (one),
    case f['basis'] when 'occurred' then occurred_from::date else recorded_on end as on_date,
    date_trunc('month', on_date)::date as month
from counted
where (f['start'] is null or on_date >= f['start'])
    and (f['finish'] is null or on_date <= f['finish'])
    and (f['area'] is null or f['area'] in (lsoa, ward, locality, district, force, region))
    and (f['kinds'] is null or list_contains(f['kinds']::varchar[], kind))
    and (f['crime_types'] is null or list_contains(f['crime_types']::varchar[], crime_type))
    and (f['channels'] is null or list_contains(f['channels']::varchar[], channel))
    and (f['location_types'] is null or list_contains(f['location_types']::varchar[], location_type))
    and (f['strand_mask'] = 0 or strand_mask & f['strand_mask'] > 0)
    and (f['online'] is null or online = f['online']);

create or replace macro matching_referrals(f) as table
select
    *,
    received_on as on_date,
    date_trunc('month', received_on)::date as month
from referral
where (f['start'] is null or received_on >= f['start'])
    and (f['finish'] is null or received_on <= f['finish'])
    and (f['area'] is null or f['area'] in (district, force, region))
    and (f['strand_mask'] = 0 or strand_mask & f['strand_mask'] > 0);

-- Dimensions are counted as numbers or codes, whichever the name asks for, and spelled out after the counting:
-- making a text of every row's date would cost more than the counting itself.

create or replace macro period_number(name, month) as
case name
    when 'month' then month - date '1970-01-01'
    when 'quarter' then date_trunc('quarter', month)::date - date '1970-01-01'
    when 'year' then make_date(year(month - interval 3 month), 4, 1) - date '1970-01-01'
    when 'calendar_year' then year(month)
end;

-- A grid cell as one number: column and row, each moved above zero, in one bigint.
create or replace macro packed_cell(easting, northing, size) as
(floor(easting / size) + 1073741824)::bigint * 2147483648 + (floor(northing / size) + 1073741824)::bigint;
create or replace macro cell_column(cell) as cell // 2147483648 - 1073741824;
create or replace macro cell_row(cell) as cell % 2147483648 - 1073741824;

-- An interval of more than a day says nothing about the time of day.
create or replace macro known_time(started, ended) as
case when ended is null or ended - started <= interval 1 day then started end;

create or replace macro area_code(level, lsoa, ward, locality, district, force, region) as
case level
    when 'lsoa' then lsoa
    when 'ward' then ward
    when 'locality' then locality
    when 'district' then district
    when 'force' then force
    when 'region' then region
end;

create or replace macro incident_number(name, month, happened_at, cell) as
case name
    when 'hour' then hour(happened_at)
    when 'weekday' then isodow(happened_at)
    when 'grid' then cell
    else period_number(name, month)
end;

create or replace macro incident_code(
    name, area, kind, crime_type, channel, location_type, outcome, online, centre_id, source
) as
case name
    when 'area' then area
    when 'kind' then kind
    when 'crime_type' then crime_type
    when 'crime_group' then crime_type
    when 'channel' then channel
    when 'location_type' then location_type
    when 'outcome' then outcome
    when 'outcome_group' then outcome
    when 'online' then case online when true then 'yes' when false then 'no' end
    when 'centre_id' then centre_id
    when 'source' then source
end;

create or replace macro referral_code(name, route, status, district, force, language) as
case name
    when 'route' then route
    when 'route_group' then route
    when 'status' then status
    when 'district' then district
    when 'force' then force
    when 'language' then language
end;

create or replace macro spelled(name, number, level) as
case
    when name in ('month', 'quarter', 'year') then (date '1970-01-01' + number::integer)::varchar
    when name = 'hour' then lpad(number::varchar, 2, '0')
    when name = 'grid' then
        cell_column(number) * try_cast(level as bigint) || ',' || cell_row(number) * try_cast(level as bigint)
    else number::varchar
end;

create or replace macro grouped(code, groups) as coalesce(map_from_entries(groups)[code], code);

create or replace macro incident_name(name, number, code, strand, sub_strand, level, crime_groups, outcome_groups) as
case name
    when 'strand' then strand
    when 'sub_strand' then sub_strand
    when 'crime_group' then grouped(code, crime_groups)
    when 'outcome_group' then grouped(code, outcome_groups)
    else coalesce(code, spelled(name, number, level))
end;

create or replace macro referral_name(name, number, code, strand, need, route_groups) as
case name
    when 'strand' then strand
    when 'need' then need
    when 'route_group' then grouped(code, route_groups)
    else coalesce(code, spelled(name, number, null))
end;

-- Rows that are held, by extract and line: a value refused in any other row is missing from no record.
create or replace macro held_rows() as table
select extract_id, line from incident
union all
select extract_id, line from referral
union all
select extract_id, line from reporting_centre
union all
select extract_id, line from centre_contact
union all
select extract_id, line from centre_survey
union all
select extract_id, line from candidate_venue
union all
select extract_id, line from stop_search
union all
select extract_id, line from court_result
union all
select extract_id, line from area_population
union all
select extract_id, line from area_measure
union all
select extract_id, line from postcode
union all
select extract_id, line from published_figure
-- Outlines have no line of their own.
union all
select extract_id, line from reject
join extract using (extract_id)
where target = 'area';
