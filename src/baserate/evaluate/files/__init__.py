"""Data files of evaluation research, read where they stand."""
