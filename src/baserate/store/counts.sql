-- Numbers of one offense by agency or place, and by month or year. One row: one dataset's number,
-- the newest release of it; nothing is added up over datasets.
--
-- months   how many monthly numbers were added up; null where the year is printed
select dataset, place, ori, agency, year,
       case when $by = 'month' then month end as month,
       definition, sum(count)::bigint as number, max(population) as population,
       nullif(count(month), 0) as months, bool_or(is_partial) as is_partial
from {source}
where offense = $offense and counted = $counted and rule = $rule and is_newest
  and ($by = 'year' or month is not null)
  and ($year is null or year = $year)
  and ($place is null or place = $place or left(ori, 7) = $ori)
group by all
order by dataset, place, ori, agency, year, month, definition
