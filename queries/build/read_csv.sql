-- One row is one record of a partner's CSV file, every column as text.
-- From the file at $path with the delimiter $delimiter, the quotation mark $quote and the columns $columns; $skip lines
-- are passed over, and then the header, if it has one.
-- Caveat: records that are too short, too long or badly quoted go to DuckDB's reject table, not into the result.
from read_csv(
    $path,
    auto_detect = false,
    header = $header,
    delim = $delimiter,
    quote = $quote,
    escape = $quote,
    skip = $skip,
    columns = $columns,
    store_rejects = true,
    rejects_limit = 0
)
