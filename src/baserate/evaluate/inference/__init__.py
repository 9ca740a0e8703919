"""What every design shares: shapes it refuses, intervals, power, reassigned treatment."""
