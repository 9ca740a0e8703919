"""Cities' own exports: the mapping language, and what a mapping makes of a file."""
