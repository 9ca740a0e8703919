"""A treated unit beside a weighted mix of others."""
