"""Hate crime analytics for police forces, councils and victim support."""

__version__ = "0.1.0"
