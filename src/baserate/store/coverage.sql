-- Who reported, by dataset and year. One row: the agencies of a place in one year of one dataset,
-- each as the newest file that lists it does.
--
-- agencies    those that are listed       reporting  those with a month reported
-- full        those with all 12 months    months     months reported, of 12 for each agency
-- population  people they police          covered    people times the share of the year reported
--
-- An agency that another reports for has no people and no months of its own, and is not counted.
with told as (
    select entry, ori, year, max(population) as population, max(months_reported) as stated
    from {source}
    where year is not null
      and covered_by is null
      and (place = $place or left(ori, 7) = $ori or state = $state)
    group by entry, ori, year
),
listed as (
    select files.dataset, told.*
    from told join (values {files}) as files(entry, dataset, released, added) using (entry)
    qualify row_number() over (
        partition by files.dataset, ori, year order by released desc, added desc) = 1
),
sent as (
    select files.dataset, ori, year, count(distinct month) as months
    from {months} join (values {files}) as files(entry, dataset, released, added) using (entry)
    where reported in ('incidents', 'zero', 'elsewhere')
    group by files.dataset, ori, year
),
known as (select distinct entry from {months}),
agency_years as (
    select listed.*,
           case when entry in (select entry from known) then coalesce(sent.months, 0)
                else stated end as months
    from listed left join sent using (dataset, ori, year)
)
select dataset, year, count(*) as agencies,
       case when count(months) > 0 then count(*) filter (where months > 0) end as reporting,
       case when count(months) > 0 then count(*) filter (where months >= 12) end as full_year,
       sum(months)::bigint as months,
       sum(population)::bigint as population,
       case when count(months) > 0 then round(sum(population * months / 12.0))::bigint end as covered
from agency_years
group by dataset, year
order by year, dataset
