-- Every number of the added files, once for each release. One row: one number of one file.
--
-- dataset    of the file
-- is_newest  no newer file of its dataset states the same number
with dated as (
    select split_part(filename, '/', -2) as entry, files.dataset, files.released, files.added,
           files.is_alone, numbers.* exclude (filename)
    from read_parquet($parts, filename = true, union_by_name = true) as numbers
    join (values {files}) as files(entry, dataset, released, added, is_alone)
      on files.entry = split_part(filename, '/', -2)
),
several as (
    select *, row_number() over (
               partition by dataset, place, ori, agency, offense, definition, rule, counted,
                            year, month
               order by released desc, added desc
           ) = 1 as is_newest
    from dated where not is_alone
)
select * exclude (released, added, is_alone), true as is_newest from dated where is_alone
union all by name
select * exclude (released, added, is_alone) from several
