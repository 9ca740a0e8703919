-- The embedded table as series rows. One row: one figure for one place, offense, definition, year.
--
-- offenses       what is counted, by the definition of the row
-- printed_total  the publisher's total, and
-- parts_total    the sum of its parts, where the two disagree; else null
-- printed_definition  what the row's printed violent total counts; null for all but totals
-- is_printed     whether the publisher prints this very number, or it is a sum of its parts
-- file_row       line of the published file
with published as (
    select
        case when state_abbr = '' then 'US' else state_abbr end as place,
        homicide + robbery + aggravated_assault as violent_without_rape,
        burglary + larceny + motor_vehicle_theft as property_parts,
        *
    from read_parquet($file)
),
violent as (                     -- both definitions, where both can be had
    select *, 'legacy' as definition, violent_without_rape + rape_legacy as violent
    from published where rape_legacy is not null
    union all
    select *, 'revised', violent_without_rape + rape_revised
    from published where rape_revised is not null
),
series as (
    select 'violent_crime' as offense, place, definition, year, violent as offenses, population,
           violent_basis in (definition, 'either') as is_printed,
           case when violent_basis = 'none' then violent_crime end as printed_total,
           case when violent_basis = 'none' then violent end as parts_total,
           violent_basis as printed_definition, file_row, caveats
    from violent
    union all
    select 'all_crime', place, definition, year, violent + property_crime, population,
           false, null, null, violent_basis, file_row, caveats
    from violent
    union all
    select 'rape', place, 'legacy', year, rape_legacy, population,
           true, null, null, null, file_row, caveats
    from published where rape_legacy is not null
    union all
    select 'rape', place, 'revised', year, rape_revised, population,
           true, null, null, null, file_row, caveats
    from published where rape_revised is not null
    union all
    select 'property_crime', place, null, year, property_crime, population,
           true, case when property_parts <> property_crime then property_crime end,
           case when property_parts <> property_crime then property_parts end,
           null, file_row, caveats
    from published
    union all
    select offense, place, null, year, offenses, population, true, null, null, null, file_row, caveats
    from (
        select place, year, population, file_row, caveats,
               homicide as murder, robbery, aggravated_assault,
               burglary, larceny, motor_vehicle_theft
        from published
    )
    unpivot (
        offenses for offense in
        (murder, robbery, aggravated_assault, burglary, larceny, motor_vehicle_theft)
    )
)
select place, definition, year, offenses, population, is_printed, printed_total, parts_total,
       printed_definition, file_row, caveats
from series
where offense = $offense
order by place, definition, year
