-- Numbers of one offense, or of its clearances, as the files state them: of the nation and all
-- states, of every city, or of one place or agency. One row: one number of one release, for a year
-- or a month of it.
select entry,
       case when $scope in ('states', 'cities') then place else $scope end as place,
       definition, rule, year, month, count, population, months_reported,
       coalesce(is_partial, false), coalesce(is_estimated, false), coalesce(is_printed, false),
       printed_total, parts_total, printed_definition, coalesce(note, ''), file_row
from {source}
where offense = $offense
  and counted = $counted
  and case when $scope = 'states' then length(place) = 2
           when $scope = 'cities' then length(place) > 2
           when $ori is not null then left(ori, 7) = $ori
           else place = $scope end
order by place, year, month
