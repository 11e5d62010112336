-- One row is nothing: this attaches the new file as the catalogue `snapshot`.
-- From the file at $path, which no one else knows yet.
-- Caveat: the session's own catalogue is in memory and holds what must never be stored.
attach $path as snapshot
