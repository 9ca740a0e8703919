"""A panel out of the records: whose, what is held of each, and what was left out."""
