"""A Question has an Answer: from levels and changes to ranks and clearances."""
