"""Which quantities a sentence gives, with their units and how exactly they are meant."""
