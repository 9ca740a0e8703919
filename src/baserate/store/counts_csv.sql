-- The numbers of counts.sql as lines of CSV, made where the numbers are because there may be a
-- hundred thousand of them. Text that a spreadsheet would run as a formula is marked as text.
create or replace temp macro safe(said) as
    case when regexp_matches(said, '^[=+@\t\r-]') then '''' || said else said end;
create or replace temp macro cell(said) as
    case when said is null then ''
         when regexp_matches(said, '["\n\r,=+@\t-]')
             then '"' || replace(safe(said), '"', '""') || '"'
         else said end;
select concat_ws(',', cell(dataset), cell(place), cell(ori), cell(agency), year,
                 coalesce(month::varchar, ''), cell(definition), number,
                 coalesce(population::varchar, ''), coalesce(months::varchar, ''),
                 coalesce(is_partial::varchar, ''))
from ({numbers})
