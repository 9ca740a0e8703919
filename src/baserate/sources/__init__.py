"""From published file to rows: one reader for each publisher's format, and the catalog."""
