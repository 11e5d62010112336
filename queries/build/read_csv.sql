-- One row is one record of a partner's CSV file, every column as text.
-- From the file at $path with the delimiter $delimiter and the columns $columns.
-- Caveat: records that are too short, too long or badly quoted go to DuckDB's reject table, not into the result.
from read_csv(
    $path,
    auto_detect = false,
    header = true,
    delim = $delimiter,
    quote = '"',
    escape = '"',
    columns = $columns,
    store_rejects = true,
    rejects_limit = 0
)
