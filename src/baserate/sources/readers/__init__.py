"""One reader for each official format, the more particular before the more general."""

READERS = (
    "fbi_estimates",
    "nibrs_master",
)
