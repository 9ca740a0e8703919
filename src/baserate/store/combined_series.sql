-- Every number of the added files, once for each release. One row: one number of one file.
--
-- dataset    of the file
-- is_newest  no newer file of its dataset states the same number; or it is a later file's
--            correction of a month that it does not cover (is_partial), which is added to it
with dated as (
    select split_part(filename, '/', -2) as entry, files.dataset, files.released, files.added,
           files.is_alone, numbers.* exclude (filename)
    from read_parquet($parts, filename = true, union_by_name = true,
                      hive_partitioning = false) as numbers
    join (values {files}) as files(entry, dataset, released, added, is_alone)
      on files.entry = split_part(filename, '/', -2)
),
several as (
    select *, released || ' ' || added || ' ' || entry as age,
           row_number() over (
               partition by dataset, place, ori, agency, offense, definition, rule, counted,
                            year, month, is_partial
               order by released desc, added desc, entry desc
           ) = 1 as is_first,
           max(released) filter (where not is_partial) over (
               partition by dataset, place, ori, agency, offense, definition, rule, counted,
                            year, month
           ) as month_released
    from dated where not is_alone
),
live as (select distinct entry from several where is_first and not is_partial)
select * exclude (released, added, is_alone), true as is_newest from dated where is_alone
union all by name
select * exclude (released, added, is_alone, age, is_first, month_released),
       case when is_partial and month is not null
            then entry in (select entry from live)
                 and released >= coalesce(month_released, released)
            else is_first end as is_newest
from several
