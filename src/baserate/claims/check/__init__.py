"""What the records say to a claim: the verdict, why, and what would settle it."""
