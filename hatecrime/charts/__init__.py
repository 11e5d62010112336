"""Charts: a tidy table in, an alt.Chart out. Nothing here queries, filters or knows the session."""
