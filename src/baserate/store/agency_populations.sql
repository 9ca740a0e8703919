-- People of a city's or agency's area by year, from lists of agencies.
select year, max(population) as people
from {source}
where (place = $place or left(ori, 7) = $ori) and population > 0 and year is not null
group by year
