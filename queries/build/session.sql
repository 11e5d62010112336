-- One row is nothing: this settles how the building session reads times.
-- From a setting of the session.
-- Caveat: times with an offset are converted by the mapping's time zone, never by the machine's.
set TimeZone = 'UTC'
