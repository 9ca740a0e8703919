"""Did it work: several honest designs, side by side."""
