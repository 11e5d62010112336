-- One row is one area and year whose women and men do not add up to everyone, by more than 1 %.
-- From area_population and extract.
-- Caveat: rounded figures differ by less.
-- Severity: warning
-- Says: Women and men together differ from everyone by more than 1%.
-- Seen by: analysts.
with
estimate as (
    select
        area_code, year, base, max(extract_id) as extract_id,
        max(n) filter (population_group = 'all') as everyone,
        max(n) filter (population_group = 'female') as female,
        max(n) filter (population_group = 'male') as male,
    from area_population
    group by area_code, year, base
)
select extract.source, extract_id, area_code, year, base, everyone, female, male,
from estimate
left join extract using (extract_id)
where abs(female + male - everyone) > 0.01 * everyone
order by area_code, year, base
