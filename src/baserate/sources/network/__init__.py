"""Fetching from publishers: the only package that touches the network."""
