-- The download's tables as canonical ones. Every source table is there with the rows that fit;
-- the order of lists is that of the file.

-- table: agencies
WITH reported AS (
    SELECT agency_id, coalesce(inc_data_year, data_year) AS year, count(DISTINCT month_num) AS months
    FROM NIBRS_month
    WHERE reported_status IN ('I', 'Z')
    GROUP BY 1, 2
),
years AS (
    SELECT agency_id, max(coalesce(inc_data_year, data_year)) AS year FROM NIBRS_month GROUP BY 1
)
SELECT
    a.ori,
    coalesce(concat_ws(' ', a.pub_agency_name, a.pub_agency_unit), a.ucr_agency_name) AS agency,
    coalesce(k.kind, 'other') AS kind,
    p.place,
    coalesce(f.postal, a.state_postal_abbr, a.state_abbr) AS state,
    a.county_name AS county,
    coalesce(y.year, a.data_year, $year) AS year,
    a.population,
    coalesce(c.ori, a.covered_by_legacy_ori) AS covered_by,
    CASE WHEN $tells_months OR r.months = 12 THEN r.months END AS months_reported,
    coalesce(a.nibrs_participated = 'Y', r.months > 0) AS is_nibrs,
    a.file_row,
    a.agency_id AS own_agency_id
FROM agencies a
LEFT JOIN agency_kinds k ON k.name = a.agency_type_name
LEFT JOIN agency_places p ON p.agency_id = a.agency_id
LEFT JOIN postal_codes f ON f.code = coalesce(a.state_postal_abbr, a.state_abbr)
LEFT JOIN years y ON y.agency_id = a.agency_id
LEFT JOIN reported r ON r.agency_id = a.agency_id AND r.year = y.year
LEFT JOIN (SELECT coalesce(legacy_ori, ori) AS legacy, min(ori) AS ori FROM agencies GROUP BY 1) c
    ON c.legacy = a.covered_by_legacy_ori
ORDER BY a.file_row

-- table: agency_months
-- Since 2021 the table has a row for every incident and none for months without.
SELECT
    ori,
    coalesce(inc_data_year, data_year) AS year,
    month_num AS month,
    CASE WHEN bool_or(reported_status = 'I') THEN 'incidents'
         WHEN bool_or(reported_status = 'Z') THEN 'zero'
         ELSE 'no' END AS reported,
    min(file_row) AS file_row
FROM NIBRS_month
GROUP BY ALL
ORDER BY file_row

-- table: incidents
-- The agency's own number stands, since 2021, inside the name of the report it came in.
WITH reports AS (
    SELECT did, regexp_extract(min(ddocname), '^\d{4}_\d{2}_[^_]+_(.+)_INC$', 1) AS number
    FROM NIBRS_month
    WHERE did IS NOT NULL
    GROUP BY 1
)
SELECT
    i.incident,
    i.ori,
    coalesce(i.incident_number, nullif(r.number, '')) AS incident_number,
    i.incident_date,
    CASE WHEN i.report_date_flag IN ('t', 'R', 'Y') THEN true
         WHEN i.report_date_flag IS NULL OR i.report_date_flag IN ('f', 'I', 'N') THEN false
    END AS is_report_date,
    i.incident_hour,
    coalesce(i.inc_data_year, i.data_year) AS counted_year,
    i.month_num AS counted_month,
    i.cleared_except_code AS cleared_exceptionally,
    i.cleared_except_date AS exceptional_clearance_date,
    CASE WHEN i.cargo_theft_flag IN ('t', 'Y') THEN 'Y'
         WHEN i.cargo_theft_flag IN ('f', 'N') THEN 'N' END AS cargo_theft,
    false AS is_window,
    1 AS count,
    i.file_row,
    i.incident_id AS own_incident_id
FROM NIBRS_incident i
LEFT JOIN reports r ON r.did = i.did
ORDER BY i.incident

-- table: offenses
WITH weapons AS (
    SELECT offense_id, list(weapon_code ORDER BY file_row) AS codes FROM NIBRS_WEAPON GROUP BY 1
),
biases AS (
    SELECT offense_id, list(bias_code ORDER BY file_row) AS codes FROM NIBRS_BIAS_MOTIVATION GROUP BY 1
),
acts AS (
    SELECT offense_id, list(criminal_act_code ORDER BY file_row) AS codes FROM NIBRS_CRIMINAL_ACT GROUP BY 1
),
using_ AS (
    SELECT offense_id, list(suspect_using_code ORDER BY file_row) AS codes FROM NIBRS_SUSPECT_USING GROUP BY 1
)
SELECT
    o.incident,
    o.offense_code,
    m.offense,
    o.attempt_complete_flag AS attempted_completed,
    u.codes AS suspected_using,
    o.location_code AS location,
    o.num_premises_entered AS premises_entered,
    o.method_entry_code AS method_of_entry,
    a.codes AS criminal_activity,
    w.codes AS weapons,
    b.codes AS biases,
    o.file_row,
    o.offense_id AS own_offense_id
FROM NIBRS_OFFENSE o
LEFT JOIN counting m ON m.offense_code = o.offense_code
LEFT JOIN using_ u ON u.offense_id = o.offense_id
LEFT JOIN acts a ON a.offense_id = o.offense_id
LEFT JOIN weapons w ON w.offense_id = o.offense_id
LEFT JOIN biases b ON b.offense_id = o.offense_id
ORDER BY o.incident, o.file_row

-- table: victims
WITH offenses_ AS (
    SELECT victim_id, list(offense_code ORDER BY file_row) AS codes FROM NIBRS_VICTIM_OFFENSE GROUP BY 1
),
injuries AS (
    SELECT victim_id, list(injury_code ORDER BY file_row) AS codes FROM NIBRS_VICTIM_INJURY GROUP BY 1
),
circumstances AS (
    SELECT victim_id, list(lpad(circumstance_code, 2, '0') ORDER BY file_row) AS codes,
        min(justifiable_force_code) AS justifiable
    FROM NIBRS_VICTIM_CIRCUMSTANCES GROUP BY 1
),
relationships AS (
    SELECT victim_id,
        list(lpad(coalesce(offender_seq_num, 0)::VARCHAR, 2, '0') ORDER BY file_row) AS offenders,
        list(relationship_code ORDER BY file_row) AS codes
    FROM NIBRS_VICTIM_OFFENDER_REL GROUP BY 1
)
SELECT
    v.incident,
    v.victim_seq_num AS victim_sequence,
    coalesce(o.codes, []) AS offense_codes,
    v.victim_type_code AS victim_type,
    age_of(v.age_code, v.age_num, v.age_range_low_num, v.age_range_high_num) AS age,
    nullif(v.sex_code, 'X') AS sex,
    v.race_code AS race,
    v.ethnicity_code AS ethnicity,
    v.resident_status_code AS resident,
    c.codes AS circumstances,
    c.justifiable AS justifiable_circumstance,
    i.codes AS injuries,
    r.offenders AS related_offenders,
    r.codes AS relationships,
    v.activity_type_code AS officer_activity,
    v.assignment_type_code AS officer_assignment,
    a.ori AS officer_other_ori,
    v.file_row,
    v.victim_id AS own_victim_id
FROM NIBRS_VICTIM v
LEFT JOIN offenses_ o ON o.victim_id = v.victim_id
LEFT JOIN circumstances c ON c.victim_id = v.victim_id
LEFT JOIN injuries i ON i.victim_id = v.victim_id
LEFT JOIN relationships r ON r.victim_id = v.victim_id
LEFT JOIN agencies a ON a.agency_id = v.outside_agency_id
ORDER BY v.incident, v.file_row

-- table: offenders
SELECT
    incident,
    offender_seq_num AS offender_sequence,
    age_of(age_code, age_num, age_range_low_num, age_range_high_num) AS age,
    nullif(sex_code, 'X') AS sex,
    race_code AS race,
    ethnicity_code AS ethnicity,
    file_row,
    offender_id AS own_offender_id
FROM NIBRS_OFFENDER
ORDER BY incident, file_row

-- table: arrestees
WITH weapons AS (
    SELECT arrestee_id, list(weapon_code ORDER BY file_row) AS codes FROM NIBRS_ARRESTEE_WEAPON GROUP BY 1
),
weapons_b AS (
    SELECT groupb_arrestee_id, list(weapon_code ORDER BY file_row) AS codes
    FROM NIBRS_ARRESTEE_GROUPB_WEAPON GROUP BY 1
)
SELECT
    a.incident,
    a.ori,
    false AS is_group_b,
    a.arrestee_seq_num AS arrestee_sequence,
    a.arrest_num AS arrest_number,
    a.arrest_date,
    a.arrest_type_code AS arrest_type,
    a.multiple_indicator AS multiple,
    a.offense_code,
    w.codes AS weapons,
    age_of(a.age_code, a.age_num, a.age_range_low_num, a.age_range_high_num) AS age,
    nullif(a.sex_code, 'X') AS sex,
    a.race_code AS race,
    a.ethnicity_code AS ethnicity,
    a.resident_code AS resident,
    a.under_18_disposition_code AS juvenile_disposition,
    a.file_row,
    a.arrestee_id AS own_arrestee_id
FROM NIBRS_ARRESTEE a
LEFT JOIN weapons w ON w.arrestee_id = a.arrestee_id
UNION ALL
SELECT
    NULL, NULL, true, b.arrestee_seq_num, b.arrest_num, b.arrest_date, b.arrest_type_code, NULL,
    b.offense_code, w.codes, age_of(b.age_code, b.age_num, b.age_range_low_num, b.age_range_high_num),
    nullif(b.sex_code, 'X'), b.race_code, b.ethnicity_code, b.resident_code,
    b.under_18_disposition_code, b.file_row, b.groupb_arrestee_id
FROM NIBRS_ARRESTEE_GROUPB b
LEFT JOIN weapons_b w ON w.groupb_arrestee_id = b.groupb_arrestee_id
ORDER BY 1 NULLS LAST, 17

-- table: properties
-- A property (one type of loss in an incident) has a row for every kind of thing. Its numbers of
-- vehicles stand on one of them, the first kind of vehicle; its drugs on the row of drugs.
WITH kinds AS (
    SELECT
        p.*, d.prop_desc_code, d.property_value, d.date_recovered,
        row_number() OVER (PARTITION BY p.property_id
            ORDER BY coalesce(d.prop_desc_code IN ('03', '05', '24', '28', '37'), false) DESC, d.file_row) = 1 AS is_vehicle_row,
        row_number() OVER (PARTITION BY p.property_id
            ORDER BY coalesce(d.prop_desc_code = '10', false) DESC, d.file_row) = 1 AS is_drug_row,
        coalesce(d.file_row, 0) AS desc_row
    FROM NIBRS_PROPERTY p
    LEFT JOIN NIBRS_PROPERTY_DESC d ON d.property_id = p.property_id
),
drugs AS (
    SELECT property_id,
        list(suspected_drug_code ORDER BY file_row) AS types,
        list(est_drug_qty ORDER BY file_row) AS quantities,
        list(drug_measure_code ORDER BY file_row) AS measures
    FROM NIBRS_SUSPECTED_DRUG GROUP BY 1
)
SELECT
    k.incident,
    k.prop_loss_id AS loss_type,
    k.prop_desc_code AS description,
    k.property_value AS value,
    k.date_recovered AS recovered_date,
    CASE WHEN k.is_vehicle_row THEN k.stolen_count END AS stolen_vehicles,
    CASE WHEN k.is_vehicle_row THEN k.recovered_count END AS recovered_vehicles,
    CASE WHEN k.is_drug_row THEN d.types END AS drug_types,
    CASE WHEN k.is_drug_row THEN d.quantities END AS drug_quantities,
    CASE WHEN k.is_drug_row THEN d.measures END AS drug_measures,
    k.file_row,
    k.property_id AS own_property_id
FROM kinds k
LEFT JOIN drugs d ON d.property_id = k.property_id
ORDER BY k.incident, k.file_row, k.desc_row
