-- Places and agencies with numbers: key of the place, identifier and name of the agency.
select distinct place, ori, agency
from {source}
where length(place) > 2 or ori is not null
