"""The access log: who saw and took what, written once and never changed."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from sqlalchemy import Connection, Engine, Select, insert, select, update

from hatecrime.register.chain import Entry, Head, Verdict, explain, first_fault
from hatecrime.register.engine import connect_to, migrated, reading, writing
from hatecrime.register.errors import told
from hatecrime.register.models import AccessLog, ChainHead
from hatecrime.settings import default_register

Event = Literal["page", "export", "sign_in", "refused"]
EVENTS: tuple[str, ...] = get_args(Event)
# Longer texts come from nobody's work with the dashboard.
LONGEST = 1000
ROWS_AT_ONCE = 1000

COLUMNS = [getattr(AccessLog, name) for name in Entry._fields]


@dataclass(frozen=True)
class Register:
    """An open register. Many threads and processes may write to it at once."""

    engine: Engine

    def note(
        self, event: Event, subject: str, audience: str, page: str, filters: Mapping[str, str], detail: str = ""
    ) -> None:
        """Add one entry at the end of the log. Raises RegisterError where it cannot be written."""
        if event not in EVENTS:
            raise ValueError(f"{event!r} is none of {', '.join(EVENTS)}")
        kept = {name: storable(value) for name, value in filters.items()}
        said = json.dumps(kept, sort_keys=True, ensure_ascii=False)
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        who, where, why = map(storable, (subject, page, detail))
        with self._told(), writing(self.engine) as connection:
            _append(connection, Entry(0, now, who, audience, event, where, said, why))

    def last(self, n: int) -> list[Entry]:
        """The last n entries, the newest first."""
        with self._told(), reading(self.engine) as connection:
            return [Entry._make(row) for row in connection.execute(_all().order_by(AccessLog.id.desc()).limit(n))]

    def hash_of(self, number: int) -> str | None:
        """The hash of one entry; None where there is none of that number."""
        with self._told(), reading(self.engine) as connection:
            return connection.execute(select(AccessLog.hash).where(AccessLog.id == number)).scalar()

    def verify(self) -> Verdict:
        """Read the whole log and say whether it is as it was written; where not, the first entry at fault."""
        with self._told(), reading(self.engine) as connection:
            head = _head(connection)
            place = first_fault(_entries(connection), head)
            if place is None:
                return Verdict(*head)
            entries = list(_entries(connection))
        return Verdict(len(entries), entries[-1].hash if entries else head.hash, *explain(entries, head, place))

    @contextmanager
    def _told(self) -> Iterator[None]:
        with told(self.engine.url):
            yield


def open_register(url: str | None = None, make: bool = True) -> Register:
    """
    The register at an address (that of the settings, if none is given); brought up to date, and made on first use.

    Raises RegisterError where it cannot be opened, where the driver of its database is missing, or, without make,
    where its file is.
    """
    engine = connect_to(url or default_register(), make)
    with told(engine.url):
        return Register(migrated(engine))


def _append(connection: Connection, entry: Entry) -> None:
    """The head is locked until the end of the transaction, so no two entries follow the same one."""
    head = _head(connection, lock=True)
    entry = entry._replace(id=head.rows + 1, previous_hash=head.hash).sealed()
    connection.execute(insert(AccessLog).values(entry._asdict()))
    connection.execute(update(ChainHead).values(rows=entry.id, hash=entry.hash))


def _head(connection: Connection, lock: bool = False) -> Head:
    asked = select(ChainHead.rows, ChainHead.hash)
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    if row is None:
        raise OSError(None, "its table chain_head has lost its row")
    return Head._make(row)


def _entries(connection: Connection) -> Iterator[Entry]:
    rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(_all().order_by(AccessLog.id))
    return (Entry._make(row) for row in rows)


def _all() -> Select[tuple[object, ...]]:
    return select(*COLUMNS)


def storable(text: str) -> str:
    """What every database can hold: no half characters, no zero bytes, and not endless."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")[:LONGEST]
