"""What the public records say about US violent crime."""

__version__ = "0.1.0"
