-- Incidents into monthly series. `counting` is nibrs_offenses.toml by offense code, `kinds` by
-- offense, `summed` by series; the tables of the file are there as summary_of_<table>.

-- step: begin
-- Every mix of offenses an incident can have, and which of them is the most serious one.
CREATE OR REPLACE TEMP TABLE mixes AS
WITH members AS (
    SELECT m.mix::INTEGER AS mix, k.number, k.rank, k.counts
    FROM range(1, (SELECT sum(bit)::BIGINT + 1 FROM kinds)) m (mix)
    JOIN kinds k ON (m.mix & k.bit) <> 0
)
SELECT mix, number, counts, coalesce(rank = min(rank) OVER (PARTITION BY mix), true) AS is_top
FROM members;

CREATE OR REPLACE TEMP TABLE summary_counts
    (ori VARCHAR, year SMALLINT, month TINYINT, counted VARCHAR, number TINYINT, once BIGINT, every BIGINT);

-- step: months
CREATE OR REPLACE TEMP TABLE summary_months (ori VARCHAR, year SMALLINT, month TINYINT);

-- step: count
-- Incidents numbered $low to $high, so that memory does not grow with the file.
CREATE OR REPLACE TEMP TABLE summary_incidents AS
SELECT
    incident, ori, coalesce(count, 1) AS count, coalesce(is_window, false) AS is_window,
    coalesce(counted_year, year(incident_date)) AS year,
    CASE WHEN counted_year IS NULL THEN month(incident_date) ELSE counted_month END AS month,
    CASE WHEN cleared_exceptionally <> 'N' THEN exceptional_clearance_date END AS excepted_on
FROM summary_of_incidents
WHERE incident BETWEEN $low AND $high;

INSERT INTO summary_months
SELECT DISTINCT ori, year, month FROM summary_incidents
WHERE NOT is_window AND year IS NOT NULL AND month IS NOT NULL
EXCEPT FROM summary_months;

CREATE OR REPLACE TEMP TABLE summary_units AS
WITH had AS (
    SELECT o.incident, bit_or(c.bit) AS mix,
        max(CASE WHEN c.counts = 'premises' AND o.location = '19' THEN o.premises_entered END) AS premises
    FROM summary_of_offenses o
    JOIN counting c USING (offense_code)
    WHERE o.incident BETWEEN $low AND $high
    GROUP BY o.incident
),
harmed AS (
    SELECT incident, number, count(*) AS victims
    FROM (
        SELECT DISTINCT v.incident, v.victim_sequence, v.file_row, c.number
        FROM (
            SELECT incident, victim_sequence, file_row, unnest(offense_codes) AS offense_code
            FROM summary_of_victims
            WHERE incident BETWEEN $low AND $high
        ) v
        JOIN counting c USING (offense_code)
        WHERE c.counts = 'victims'
    )
    GROUP BY incident, number
),
stolen AS (
    SELECT incident, sum(stolen_vehicles) AS vehicles
    FROM summary_of_properties
    WHERE incident BETWEEN $low AND $high AND loss_type = '7' AND stolen_vehicles > 0
    GROUP BY incident
)
SELECT
    had.incident,
    m.number,
    m.is_top,
    CASE m.counts
        WHEN 'victims' THEN greatest(1, harmed.victims)
        WHEN 'premises' THEN greatest(1, had.premises)
        WHEN 'vehicles' THEN greatest(1, stolen.vehicles)
        ELSE 1
    END AS units
FROM had
JOIN mixes m ON m.mix = had.mix
LEFT JOIN harmed ON harmed.incident = had.incident AND harmed.number = m.number
LEFT JOIN stolen ON stolen.incident = had.incident AND m.counts = 'vehicles';

INSERT INTO summary_counts
SELECT i.ori, i.year, i.month, 'offenses', u.number,
    coalesce(sum(u.units * i.count) FILTER (u.is_top), 0), sum(u.units * i.count)
FROM summary_units u
JOIN summary_incidents i USING (incident)
WHERE NOT i.is_window AND i.year IS NOT NULL AND i.month IS NOT NULL
GROUP BY ALL;

-- An incident is cleared on the day of its first arrest, or by exception, for all its offenses.
INSERT INTO summary_counts
WITH arrested AS (
    SELECT incident, min(arrest_date) AS first_on
    FROM summary_of_arrestees
    WHERE incident BETWEEN $low AND $high AND NOT is_group_b
    GROUP BY ALL
),
cleared AS (
    SELECT i.incident, i.ori, i.count, least(a.first_on, i.excepted_on) AS cleared_on
    FROM summary_incidents i
    LEFT JOIN arrested a USING (incident)
    WHERE a.first_on IS NOT NULL OR i.excepted_on IS NOT NULL
)
SELECT c.ori, year(c.cleared_on), month(c.cleared_on), 'clearances', u.number,
    coalesce(sum(u.units * c.count) FILTER (u.is_top), 0), sum(u.units * c.count)
FROM cleared c
JOIN summary_units u USING (incident)
GROUP BY ALL;

-- step: reported
-- What agencies are, and which months they reported: by their headers, or with an incident.
CREATE OR REPLACE TEMP TABLE summary_agencies AS
SELECT ori, arg_max(agency, coalesce(year, 0)) AS agency, arg_max(place, coalesce(year, 0)) AS place,
    arg_max(state, coalesce(year, 0)) AS state,
    coalesce(arg_max(covered_by, coalesce(year, 0)), '') NOT IN ('', ori) AS is_covered
FROM summary_of_agencies GROUP BY ori;

CREATE OR REPLACE TEMP TABLE summary_people AS
SELECT ori, year, max(population) AS population FROM summary_of_agencies GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE summary_reported AS
SELECT r.ori, r.year, r.month, coalesce(p.population, always.population) AS population
FROM (
    SELECT ori, year, month FROM summary_of_agency_months WHERE reported IN ('incidents', 'zero')
    UNION
    SELECT ori, year, month FROM summary_months
) r
LEFT JOIN summary_people p ON p.ori = r.ori AND p.year = r.year
LEFT JOIN summary_people always ON always.ori = r.ori AND always.year IS NULL;

-- step: monthly
-- Every offense in every month an agency reported, zero where it had none; and clearances in
-- other months where there are any: those are not all of the month's.
CREATE OR REPLACE TEMP TABLE summary_monthly AS
WITH counts AS (
    SELECT ori, year, month, counted, number, sum(once) AS once, sum(every) AS every
    FROM summary_counts JOIN kinds USING (number)
    WHERE has_series
    GROUP BY ALL
),
due AS (
    SELECT r.ori, r.year, r.month, c.counted, k.number
    FROM summary_reported r
    CROSS JOIN (VALUES ('offenses'), ('clearances')) c (counted)
    CROSS JOIN (FROM kinds WHERE has_series) k
),
filled AS (
    SELECT ori, year, month, counted, number, coalesce(once, 0) AS once, coalesce(every, 0) AS every
    FROM due FULL JOIN counts USING (ori, year, month, counted, number)
)
SELECT f.ori, f.year, f.month, f.counted, s.offense, s.definition, sum(f.once) AS once, sum(f.every) AS every
FROM filled f JOIN summed s USING (number)
GROUP BY ALL
ORDER BY f.ori;

-- step: agencies
SELECT a.place, m.ori, a.agency, m.offense, m.definition, m.counted, r.rule, m.year, m.month,
    CASE r.rule WHEN 'hierarchy' THEN m.once ELSE m.every END AS count,
    reported.population,
    reported.ori IS NULL AS is_partial,
    false AS is_estimated, false AS is_printed, '' AS note
FROM summary_monthly m
CROSS JOIN (VALUES ('hierarchy'), ('all')) r (rule)
LEFT JOIN summary_reported reported ON reported.ori = m.ori AND reported.year = m.year AND reported.month = m.month
LEFT JOIN summary_agencies a ON a.ori = m.ori

-- step: states
WITH counting_ones AS (
    FROM summary_agencies WHERE NOT is_covered AND state IS NOT NULL
),
people AS (
    SELECT a.state, r.year, r.month, sum(r.population) AS population
    FROM summary_reported r JOIN counting_ones a USING (ori)
    GROUP BY ALL
)
SELECT a.state AS place, m.offense, m.definition, m.counted, r.rule, m.year, m.month,
    sum(CASE r.rule WHEN 'hierarchy' THEN m.once ELSE m.every END) AS count,
    any_value(p.population) AS population,
    bool_and(p.state IS NULL) AS is_partial,
    false AS is_estimated, false AS is_printed, '' AS note
FROM summary_monthly m
JOIN counting_ones a USING (ori)
CROSS JOIN (VALUES ('hierarchy'), ('all')) r (rule)
LEFT JOIN people p ON p.state = a.state AND p.year = m.year AND p.month = m.month
GROUP BY ALL
ORDER BY ALL

-- step: end
DROP TABLE IF EXISTS mixes;
DROP TABLE IF EXISTS summary_counts;
DROP TABLE IF EXISTS summary_months;
DROP TABLE IF EXISTS summary_incidents;
DROP TABLE IF EXISTS summary_units;
DROP TABLE IF EXISTS summary_agencies;
DROP TABLE IF EXISTS summary_people;
DROP TABLE IF EXISTS summary_reported;
DROP TABLE IF EXISTS summary_monthly;
