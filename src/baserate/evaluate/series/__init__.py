"""One series of counts, interrupted."""
