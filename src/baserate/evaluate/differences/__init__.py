"""Treated against control, after against before."""
