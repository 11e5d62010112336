-- One row is one combination of up to three dimensions, with the number of referrals in it.
-- From referral.
-- Caveat: a referral counts once in each of its strands and needs, so rows by strand or need add up to more than the total.
-- Given $filters: the shared filters, by date received; $by1, $by2, $by3: names of dimensions or null;
-- $strands: code and bit of each strand; $route_groups: code and group of each route.
-- Seen by: analysts.
with
counted as (
    select
        period_number($by1, month) as number1,
        period_number($by2, month) as number2,
        period_number($by3, month) as number3,
        referral_code($by1, route, status, district, force, language) as code1,
        referral_code($by2, route, status, district, force, language) as code2,
        referral_code($by3, route, status, district, force, language) as code3,
        case when 'strand' in ($by1, $by2, $by3) then strand_mask end as mask,
        case when 'need' in ($by1, $by2, $by3) then list_distinct(needs) end as needs,
        count(*) as n,
    from matching_referrals($filters)
    group by all
),
strand as (
    select unnest($strands, recursive := true)
),
exploded as (
    select counted.*, strand.code as strand, need.need
    from counted
    left join strand on mask & strand.bit > 0
    left join lateral (select unnest(needs) as need) as need on true
),
named as (
    select
        referral_name($by1, number1, code1, strand, need, $route_groups) as by1,
        referral_name($by2, number2, code2, strand, need, $route_groups) as by2,
        referral_name($by3, number3, code3, strand, need, $route_groups) as by3,
        n,
    from exploded
)
select by1, by2, by3, sum(n)::bigint as n
from named
group by all
order by all
