"""Is it true: find each checkable statement in an article, say what it means, check it."""
