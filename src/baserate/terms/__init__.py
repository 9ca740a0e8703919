"""What the words mean: offenses, places, periods, and quantities that may not be mixed."""
