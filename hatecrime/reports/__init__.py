"""Whole reports, put together from queries, shapes, statistics and words; pages and commands print them."""
