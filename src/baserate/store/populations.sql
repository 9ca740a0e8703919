-- People of a place by year, as any source states them beside its counts; the largest first.
select year, max(population) as people
from {source}
where (place = $place or left(ori, 7) = $ori) and population > 0
group by year
