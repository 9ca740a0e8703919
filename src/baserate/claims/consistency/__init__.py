"""What a text contradicts of its own words, with no data at all."""
