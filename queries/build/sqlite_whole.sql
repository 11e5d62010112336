-- One row is "ok", or the first fault in the pages of an SQLite database that a partner sent.
-- From all pages of that database.
-- Caveat: written for SQLite, which reads nothing where the end of a page is missing, and says nothing of it.
pragma quick_check(1)
