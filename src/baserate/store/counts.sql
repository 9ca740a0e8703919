-- Numbers of one offense by agency or place, and by month or year. One row: one dataset's number,
-- the newest release of it; nothing is added up over datasets.
--
-- months   how many monthly numbers were added up; null where the year is printed
with numbered as (
    select files.dataset, numbers.*, row_number() over (
               partition by files.dataset, place, ori, agency, definition, year, month
               order by files.released desc, files.added desc
           ) as nth
    from {source} as numbers
    join (values {files}) as files(entry, dataset, released, added) using (entry)
    where offense = $offense and counted = $counted and rule = $rule
      and ($year is null or year = $year)
      and ($place is null or place = $place or left(ori, 7) = $ori)
),
counting as (
    select *, bool_or(month is null) over (
               partition by dataset, place, ori, agency, definition, year
           ) as is_printed_by_year
    from numbered where nth = 1
)
select dataset, place, ori, agency, year,
       case when $by = 'month' then month end as month,
       definition, sum(count)::bigint as number, max(population) as population,
       nullif(count(month), 0) as months, bool_or(is_partial) as is_partial
from counting
where case when $by = 'month' then month is not null
           else month is null or not is_printed_by_year end
group by dataset, place, ori, agency, year, case when $by = 'month' then month end, definition
order by dataset, place, ori, agency, year, month, definition
