-- What an agency is called where its numbers stand.
select agency
from {source}
where left(ori, 7) = $ori
limit 1
