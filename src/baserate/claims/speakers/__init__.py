"""Who says a statement, and whether the text denies it."""
