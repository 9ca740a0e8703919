-- People of a place or agency by year, as files state them; the largest of a file first.
select year, max(population) as people, entry
from {source}
where (place = $place or left(ori, 7) = $ori) and population > 0 and year is not null
group by year, entry
order by year, people desc, entry
