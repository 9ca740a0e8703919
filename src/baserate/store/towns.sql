-- Cities and towns of a state with numbers: the key of each.
select distinct place
from {source}
where suffix(place, $state)
