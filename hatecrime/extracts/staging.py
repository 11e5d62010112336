"""Read one file into a typed staging table, in one pass, with every refusal on record."""

from __future__ import annotations

import glob
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from duckdb import ColumnExpression, ConstantExpression, Expression, StarExpression

from hatecrime.extracts import spellings
from hatecrime.extracts.errors import ExtractError
from hatecrime.extracts.expressions import CONTEXT, Eras, Parts
from hatecrime.extracts.layer import read_layer
from hatecrime.extracts.mapping import DEFAULT_FORMATS, Mapping
from hatecrime.extracts.repair import empty_lines, with_open_quotes_cut, with_plain_line_ends
from hatecrime.extracts.shaped import shaped
from hatecrime.extracts.source import Source, wrong_encoding
from hatecrime.extracts.tabular import read_texts
from hatecrime.extracts.terms import Types
from hatecrime.settings import queries_dir

CSV_REASONS = {
    "MISSING COLUMNS": "too_few_columns",
    "TOO MANY COLUMNS": "too_many_columns",
    "UNQUOTED VALUE": "bad_quotes",
    "LINE SIZE OVER MAXIMUM": "long_line",
    "INVALID ENCODING": "bad_encoding",
}
WRONG_ENCODING = 0.01
LOST_TRACK = ("UNQUOTED VALUE", "LINE SIZE OVER MAXIMUM")


@dataclass
class Staged:
    """One extract on its way: the temporary table `table`, row n of which is record n that could be parsed."""

    extract_id: int
    mapping: Mapping
    source: Source
    table: str
    rows: int
    rejects: list[pd.DataFrame] = field(default_factory=list)
    broken_lines: list[int] = field(default_factory=list)
    empty_lines: list[int] = field(default_factory=list)
    refused_rows: set[int] = field(default_factory=set)
    collapsed_rows: set[int] = field(default_factory=set)
    updated: int = 0
    withdrawn: int = 0
    _texts: dict[str, list[str]] = field(default_factory=dict)
    _days: np.ndarray | None = None

    @property
    def lines(self) -> np.ndarray:
        """The line of each row: the header is line 1 after what is skipped, broken and empty lines keep their place in
        the count, a quoted line break counts as none. Rows made of the columns of one record share its line."""
        columns = len(self.mapping.unpivot.columns) if self.mapping.unpivot else 1
        first = self.mapping.file.skip + (1 if self.mapping.file.header else 2)
        record = np.arange(self.rows, dtype=np.int64) // columns
        gaps = np.sort(np.array(self.broken_lines + self.empty_lines, dtype=np.int64))
        before = np.searchsorted(gaps - first - np.arange(gaps.size), record, side="right")
        return record + first + before

    @property
    def read(self) -> int:
        return self.rows + len(self.broken_lines)

    def texts(self, con: duckdb.DuckDBPyConnection, column: str) -> list[str]:
        """The distinct texts of a column of the staging table, looked for once."""
        if column not in self._texts:
            filled = con.table(self.table).filter(ColumnExpression(column).isnotnull())
            self._texts[column] = sorted(str(row[0]) for row in filled.select(column).distinct().fetchall())
        return self._texts[column]

    def move_to(self, table: str) -> None:
        """Go on with another table."""
        self.table = table
        self._texts.clear()
        self._days = None

    def empty(self, con: duckdb.DuckDBPyConnection, column: str, condition: Expression) -> None:
        """Empty the values of a column that meet a condition."""
        con.table(self.table).update({column: ConstantExpression(None)}, condition=condition)
        self._texts.pop(column, None)
        self._days = None

    def days(self, con: duckdb.DuckDBPyConnection) -> np.ndarray:
        """When each record of a dated table is dated, by row, looked for once; not a time where that is not known."""
        if self._days is None:
            day = self.mapping.day or ""
            found = con.table(self.table).select(day).fetchnumpy()[day]
            self._days = np.ma.filled(found.astype("datetime64[us]"), np.datetime64("NaT"))
        return self._days

    def standing(self, con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """The records that have not been refused."""
        rows = con.table(self.table)
        if not self.refused_rows:
            return rows
        refused = con.from_df(pd.DataFrame({"refused_row": sorted(self.refused_rows)}))
        own = rows.select(ColumnExpression("rowid").alias("own_row"), StarExpression())
        return own.join(refused, ColumnExpression("own_row") == ColumnExpression("refused_row"), how="anti")

    def has(self, column: str) -> bool:
        return self.mapping.target(column) is not None

    def rows_with(self, reason: str) -> set[int]:
        """Records that have been refused, or had a value refused, for a reason."""
        found = [r.loc[r["reason"] == reason, "row"] for r in self.rejects if "row" in r]
        return {int(row) for rows in found for row in rows}

    def refuse(self, rows: pd.DataFrame, reason: str, column: str, whole: bool) -> None:
        """Put rows[row, value] on record; `whole` refuses the records, not the values alone."""
        fresh = rows[~rows["row"].isin(self.refused_rows)] if whole else rows
        if fresh.empty:
            return
        if any(f.by_name for f in self.mapping.fields):
            fresh = fresh.assign(value=fresh["value"].astype("string").str.partition(CONTEXT)[0])
        self.rejects.append(fresh.assign(reason=reason, source_column=column, row_refused=whole))
        if whole:
            self.refused_rows.update(int(r) for r in fresh["row"])


def sql(name: str) -> str:
    """The text of queries/build/<name>.sql."""
    return (queries_dir() / "build" / f"{name}.sql").read_text(encoding="utf-8")


def stage(
    con: duckdb.DuckDBPyConnection,
    extract_id: int,
    mapping: Mapping,
    source: Source,
    crs: str,
    scratch: Path,
    eras: Eras,
) -> Staged:
    """Create the temporary table staged_<id> and put on record what was passed over or could not be parsed.

    `scratch` is a folder for copies of files that have to be mended before they can be read; `eras` are the days on
    which areas change, by level.
    """
    name = f"staged_{extract_id}"
    if source.format == "csv":
        parts = Parts(mapping, _columns(source), eras)
        with ThreadPoolExecutor(1) as beside:
            gaps_as_sent = beside.submit(_gaps, source, mapping, source.path)
            name, path = _stage_csv(con, name, parts, source, scratch)
            gaps = gaps_as_sent.result() if path == source.path else _gaps(source, mapping, path)
        staged = Staged(extract_id, mapping, source, name, con.table(name).shape[0], empty_lines=gaps)
        _record_broken_lines(con, staged)
    else:
        source, parts, gaps = _stage_texts(con, name, mapping, source, crs, eras)
        staged = Staged(extract_id, mapping, source, name, con.table(name).shape[0], empty_lines=gaps)
    _record_passed_over(con, staged)
    _record_unparsed(con, staged, parts)
    return staged


def _columns(source: Source) -> Callable[[str], Expression | None]:
    """The expression of a source column, None where the header may lack it and does."""
    position = source.position or {}
    return lambda name: ColumnExpression(f"c{position[name]}") if name in position else None


def _gaps(source: Source, mapping: Mapping, path: Path) -> list[int]:
    """The empty lines of a CSV file; in one of a single column they are records without a value."""
    shape = mapping.file
    return empty_lines(path, shape.delimiter, shape.quote, shape.skip) if len(source.header) > 1 else []


def _stage_csv(
    con: duckdb.DuckDBPyConnection, name: str, parts: Parts, source: Source, scratch: Path
) -> tuple[str, Path]:
    """Read a CSV file into a table; one in which the parser loses its way is mended in a copy and read again.

    Result: the name of the table and the file that was read in the end.
    """
    path, shape = source.path, parts.mapping.file
    try:
        made = _read_csv(con, name, parts, source, path, scratch)
    except duckdb.InvalidInputException:
        path = with_plain_line_ends(path, scratch)
        made = _read_again(con, name, parts, source, path, scratch)
    if con.execute(sql("lost_track"), {"kinds": list(LOST_TRACK)}).fetchall():
        path = with_plain_line_ends(path, scratch)
        path = with_open_quotes_cut(path, shape.delimiter, len(source.header), scratch, shape.quote)
        made = _read_again(con, f"{name}_again", parts, source, path, scratch)
    return made, path


def _read_again(
    con: duckdb.DuckDBPyConnection, name: str, parts: Parts, source: Source, path: Path, scratch: Path
) -> str:
    try:
        return _read_csv(con, name, parts, source, path, scratch)
    except duckdb.InvalidInputException as error:
        raise ExtractError(
            f"{source.name} cannot be read as CSV: {str(error).splitlines()[0]} Export it again."
        ) from error


def _read_csv(
    con: duckdb.DuckDBPyConnection, name: str, parts: Parts, source: Source, path: Path, scratch: Path
) -> str:
    """Read a CSV file into a table; the few texts of a large one as numbers. Result: the name of the table."""
    shape = parts.mapping.file
    types = _few_texts(con, parts, source, path, scratch)
    con.execute(sql("forget_rejects"))
    rows = _parsed(con, parts, source, path, not shape.header, shape.skip)
    if not types:
        rows.create(name)
        return name
    spellings.numbered(rows, types).create(name)
    return spellings.completed(con, name, types)


def _few_texts(con: duckdb.DuckDBPyConnection, parts: Parts, source: Source, path: Path, scratch: Path) -> Types:
    """The types of the columns of a large file of records that hold few different texts; merging makes other texts."""
    mapping = parts.mapping
    if path.stat().st_size < spellings.LARGE or mapping.day is None or mapping.repeats == "merge":
        return {}
    sample = spellings.sampled(path, scratch)
    try:
        rows = _parsed(con, parts, source, sample, header=False, skip=0)
        return spellings.listed(con, rows)
    except duckdb.Error:
        return {}


def _parsed(
    con: duckdb.DuckDBPyConnection, parts: Parts, source: Source, path: Path, header: bool, skip: int
) -> duckdb.DuckDBPyRelation:
    """The columns of the staging table for the rows of a CSV file."""
    shape = parts.mapping.file
    values = {
        "path": glob.escape(str(path)),
        "delimiter": shape.delimiter,
        "quote": shape.quote,
        "header": header,
        "skip": skip,
        "columns": {f"c{i}": "VARCHAR" for i in range(len(source.header))},
    }
    rows = con.sql(sql("read_csv"), params=values)
    return parts.over(shaped(con, rows, source, parts.mapping))


def _stage_texts(
    con: duckdb.DuckDBPyConnection, name: str, mapping: Mapping, source: Source, crs: str, eras: Eras
) -> tuple[Source, Parts, list[int]]:
    """Read any other file into a table; its columns are known only now, so the header is matched here.

    Result: the source with its header, the columns of the table, and the lines that are no records.
    """
    texts = read_layer(con, source, mapping, crs) if source.format == "geo" else read_texts(con, source, mapping)
    source = source.with_header(texts.header, mapping)
    parts = Parts(_with_true_dates(mapping), _columns(source), eras, outlined=texts.outlined)
    parts.over(shaped(con, texts.rows, source, mapping)).create(name)
    return source, parts, texts.empty_lines


def _with_true_dates(mapping: Mapping) -> Mapping:
    """Days and times that a file holds as such arrive in ISO form, whatever way of writing the mapping expects."""
    iso = DEFAULT_FORMATS["TIMESTAMP"]
    fields = (replace(f, formats=tuple(dict.fromkeys((*f.formats, *iso)))) if f.formats else f for f in mapping.fields)
    return replace(mapping, fields=tuple(fields))


def _record_broken_lines(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    broken = con.execute(sql("broken_lines")).df()
    staged.broken_lines = [int(n) for n in broken["line"]]
    if broken.empty:
        return
    undecoded = broken.loc[broken["error_type"] == "INVALID ENCODING", "line"]
    if len(undecoded) and len(undecoded) >= WRONG_ENCODING * staged.read:
        raise wrong_encoding(staged.source.name, int(undecoded.iloc[0]))
    header = dict(enumerate(staged.source.header, start=1))
    names = [header.get(index, "") for index in broken["column_idx"].fillna(0)]
    staged.rejects.append(
        pd.DataFrame(
            {
                "line": broken["line"],
                "value": None,
                "reason": [CSV_REASONS.get(e, "bad_quotes") for e in broken["error_type"]],
                "source_column": names,
                "row_refused": True,
            }
        )
    )


def _record_passed_over(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """First of all, so that nothing else is said of such a record."""
    for number, column in enumerate(staged.mapping.only):
        hit = con.table(staged.table).filter(ColumnExpression("passed_over") == ConstantExpression(number))
        rows = hit.select(ColumnExpression("rowid").alias("row"), ColumnExpression("passed_value").alias("value")).df()
        staged.refuse(rows, "passed_over", column, whole=True)


def _record_unparsed(con: duckdb.DuckDBPyConnection, staged: Staged, parts: Parts) -> None:
    """Required columns first, so that a record is refused once, for its first fault."""
    broken = con.table(staged.table).filter(ColumnExpression("raw").isnotnull())
    rows = broken.select(ColumnExpression("rowid").alias("row"), ColumnExpression("raw")).df()
    required = [f.name for f in staged.mapping.fields if f.column.required]
    for name in required:
        _record_missing(con, staged, parts, name, rows)
    for index, (name, reason) in enumerate(parts.reasons().items()):
        failed = _failed(con, staged, rows, index, name)
        staged.refuse(failed, reason, staged.mapping.told(name), name in required)


def _record_missing(
    con: duckdb.DuckDBPyConnection, staged: Staged, parts: Parts, name: str, rows: pd.DataFrame
) -> None:
    void = con.table(staged.table).filter(ColumnExpression(name).isnull())
    missing = void.select(ColumnExpression("rowid").alias("row")).df()
    if name in parts.parsed() and not rows.empty:
        index = parts.parsed().index(name)
        stated = rows.loc[[bool(raw[index]) for raw in rows["raw"]], "row"]
        missing = missing[~missing["row"].isin(stated)]
    staged.refuse(missing.assign(value=None), "missing_required", staged.mapping.told(name), True)


def _failed(con: duckdb.DuckDBPyConnection, staged: Staged, rows: pd.DataFrame, index: int, name: str) -> pd.DataFrame:
    stated = rows[[bool(raw[index]) for raw in rows["raw"]]] if len(rows) else rows
    if stated.empty:
        return pd.DataFrame({"row": [], "value": []})
    void = con.table(staged.table).filter(ColumnExpression(name).isnull() & ColumnExpression("raw").isnotnull())
    unset = void.select(ColumnExpression("rowid").alias("row")).df()["row"]
    failed = stated[stated["row"].isin(unset)]
    return pd.DataFrame({"row": failed["row"], "value": [raw[index] for raw in failed["raw"]]})
