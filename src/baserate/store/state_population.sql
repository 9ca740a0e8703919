-- People of a state as its agencies divide it: those another reports for count with that one.
select sum(population)
from {source}
where entry = $entry and state = $place and year = $year
