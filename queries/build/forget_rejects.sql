-- One row is nothing: this empties DuckDB's reject tables before the next file is read.
-- From reject_errors and reject_scans of this connection.
-- Caveat: temporary tables; nothing that was put on record is lost.
drop table if exists reject_errors;
drop table if exists reject_scans;
