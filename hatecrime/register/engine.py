"""The database of the register: SQLite in a file, or PostgreSQL where several servers share it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from hatecrime.i18n import _
from hatecrime.register.errors import RegisterError, told

MIGRATIONS = Path(__file__).with_name("migrations")
# A page waits no longer than this for others who write.
BUSY_SECONDS = 5
# Any number will do, as long as every server uses the same one.
MIGRATION_LOCK = 4_242_016
WRITES, FILE = "writes", "file"


def connect_to(address: str, make: bool = True) -> Engine:
    """An engine for an address; make: whether a missing file is made. Raises RegisterError in words."""
    url = _url(address)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, make)
    try:
        return create_engine(url, pool_pre_ping=True)
    except ModuleNotFoundError as missing:
        sentence = _("The register's address needs the Python package {name}, which is not installed.")
        raise RegisterError(sentence.format(name=missing.name)) from None


def migrated(engine: Engine) -> Engine:
    """The engine, with its tables as this version needs them; of several processes, one makes them."""
    with reading(engine) as connection:
        if _is_current(connection):
            return engine
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One state of the register, whatever is written meanwhile."""
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect() as connection:
        yield connection.execution_options(**options)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction, kept if the block ends well."""
    with engine.connect() as connection:
        connection = connection.execution_options(**{WRITES: True})
        with connection.begin():
            yield connection


def _url(address: str) -> URL:
    known = _("An address of a register begins with sqlite:/// or postgresql://.")
    try:
        url = make_url(address)
        url.get_dialect()
    # ValueError: a port that is no number, or a password with a colon, which must not be printed.
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise RegisterError(known) from None
    if url.get_backend_name() not in ("sqlite", "postgresql") or (url.drivername == "sqlite" and not url.database):
        raise RegisterError(known)
    return url


def _sqlite(url: URL, make: bool) -> Engine:
    """Connections are kept open, as closing the last one makes SQLite tidy up, which takes longer than writing."""
    file = Path(str(url.database))
    if not make and not file.exists():
        raise RegisterError(
            _("There is no register at {place}: nothing was noted yet, or it was taken away.").format(place=file)
        )
    with told(url):
        _make(file)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", partial(_set_up, file))
    event.listen(engine, "checkout", partial(_check, file))
    event.listen(engine, "begin", _begin)
    return engine


def _make(file: Path) -> None:
    """Only the account that runs the dashboard reads who saw what."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        file.touch(mode=0o600)


def _set_up(file: Path, raw: Any, record: ConnectionPoolEntry) -> None:
    # Python would begin transactions by rules of its own, and without a lock.
    raw.isolation_level = None
    raw.execute("PRAGMA journal_mode = WAL").close()
    record.info[FILE] = _identity(file)


def _check(file: Path, _raw: object, record: ConnectionPoolEntry, _proxy: object) -> None:
    """A file that was moved away could be written to for ever, and nobody would see it."""
    if record.info[FILE] != _identity(file):
        raise DisconnectionError


def _identity(file: Path) -> tuple[int, int] | None:
    if not file.exists():
        return None
    found = file.stat()
    return found.st_dev, found.st_ino


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _is_current(connection: Connection) -> bool:
    now = MigrationContext.configure(connection).get_current_revision()
    return now == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
