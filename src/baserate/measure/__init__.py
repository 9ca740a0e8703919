"""A Question has an Answer: levels, changes, trends, ranks, shares, extremes, comparisons."""
