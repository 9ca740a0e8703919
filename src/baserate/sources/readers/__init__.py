"""One reader for each official format, the more particular before the more general."""

READERS = (
    "fbi_estimates",
    "fbi_table8",
    "agency_populations",
    "fbi_territories",
    "kaplan_agencies",
    "marshall_cities",
    "city_murders",
    "nibrs_submission",
    "return_a",
    "nibrs_state",
    "city_incidents",
    "nibrs_master",
)
