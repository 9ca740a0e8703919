"""What a claim takes from the text around it: the place, the period, the offense, the unit."""
