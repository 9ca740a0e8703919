"""Units over periods whose outcome is a count."""
