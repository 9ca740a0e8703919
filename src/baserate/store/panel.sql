-- Cells of a panel. One row: what one dataset states of one unit in one period by one definition,
-- in its newest release; nothing is added up over datasets.
--
-- unit      key of the place, or the first seven characters of the agency's identifier
-- period    2017, 20172 (its second quarter) or 201706
-- months    months of the period that are in the number; null where a printed year does not say
-- is_whole  no month of it is missing, by the source's word or by its months
-- covered   of a state's sum of agencies: the share of its people whose agencies reported
-- is_nibrs  the agency reported incidents that year; null where no list of agencies says
--
-- An agency that reports by the quarter has all three months in one ('elsewhere' in the others):
-- whole quarters and years, and no month of its own.
with stated as (
    select dataset, entry, left(ori, 7) as seven, agency, definition, printed_definition, year::integer as year,
           case when $unit = 'agency' then left(ori, 7) else place end as unit,
           month, count, population, months_reported,
           coalesce(is_partial, false) as is_partial, coalesce(is_estimated, false) as is_estimated
    from {source}
    where offense = $offense and counted = $counted and is_newest
      and year between $first and $last
      and case $unit when 'state' then length(place) = 2 and place <> 'US'
                     when 'city' then length(place) > 2
                     else ori is not null end
      and (rule = 'hierarchy' or dataset not in (
              select dataset from {source} where offense = $offense and rule = 'hierarchy'))
),
months as (
    select dataset, unit, definition, year, month, any_value(printed_definition) as printed_definition,
           sum(count) filter (where not is_partial or $counted = 'offenses') as number,
           bool_or(not is_partial) as is_whole,
           max(population) filter (where not is_partial) as population,
           bool_or(is_estimated) as is_estimated, any_value(agency) as agency,
           arg_max(entry, not is_partial) as entry, any_value(seven) as seven
    from stated where month is not null
    group by all
),
elsewhere as (
    select reporting.*, sent.month
    from (
        select distinct dataset, unit, definition, year, entry, seven from months
    ) as reporting
    join {months} as sent
      on sent.entry = reporting.entry and left(sent.ori, 7) = reporting.seven
     and sent.year = reporting.year and sent.reported = 'elsewhere'
),
every_month as (
    select * from months
    union all by name
    select *, 0 as number, true as is_whole from elsewhere
),
by_the_quarter as (select distinct dataset, unit, year from elsewhere where $by = 'month'),
summed as (
    select dataset, unit, definition, year,
           case $by when 'month' then year * 100 + month
                    when 'quarter' then year * 10 + (month + 2) // 3 else year end as period,
           any_value(printed_definition) as printed_definition,
           sum(number) as number, count(*) filter (where is_whole) as months,
           count(*) filter (where is_whole)
               = case $by when 'month' then 1 when 'quarter' then 3 else 12 end as is_whole,
           round(avg(population)) as population, bool_or(is_estimated) as is_estimated,
           any_value(agency) as agency, max(entry) as entry
    from every_month
    where (dataset, unit, year) not in (from by_the_quarter)
    group by all
),
printed as (
    select dataset, unit, definition, year, year as period, printed_definition, count as number,
           months_reported as months,
           not is_partial and coalesce(months_reported, 12) >= 12 as is_whole,
           population, is_estimated, agency, entry
    from stated where month is null and $by = 'year'
),
kept as (
    select * from printed where is_whole or (dataset, unit, coalesce(definition, ''), year) not in (
        select (dataset, unit, coalesce(definition, ''), year) from summed where is_whole)
),
cells as (
    select * from kept
    union all by name
    select * from summed where (dataset, unit, coalesce(definition, ''), period) not in (
        select (dataset, unit, coalesce(definition, ''), period) from kept)
),
listed as (
    select case $unit when 'agency' then left(ori, 7) when 'city' then place else state end as unit,
           year, entry, max(population) as people, sum(population) as together,
           bool_or(is_nibrs) as is_nibrs
    from {agencies}
    where year between $first and $last
    group by all
),
known as (
    select unit, year, max(people) filter (where people > 0) as people, bool_or(is_nibrs) as is_nibrs
    from listed group by all
),
beside as (select unit, year, max(population) as people from stated group by all)
select cells.dataset, cells.entry, cells.unit, cells.agency, cells.period, cells.definition,
       cells.printed_definition, cells.number::bigint, cells.months, cells.is_whole,
       coalesce(cells.population,
                case when $unit <> 'state' then known.people end, beside.people)::bigint as people,
       cells.is_estimated,
       case when $unit = 'state' and not cells.is_estimated and listed.together > 0
            then least(1.0, cells.population / listed.together) end as covered,
       case when $unit <> 'state' then known.is_nibrs end as is_nibrs
from cells
left join known using (unit, year)
left join beside using (unit, year)
left join listed on listed.unit = cells.unit and listed.year = cells.year
                and listed.entry = cells.entry
