"""Units that begin at different times, and effects by time since."""
