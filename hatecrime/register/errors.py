"""What can go wrong with the register, in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Error as SqliteError

from alembic.util import CommandError
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from hatecrime.i18n import _


class RegisterError(Exception):
    """The register cannot be opened, read or written; the message says why."""


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Turn the faults of a database into a sentence that names the place and holds no password."""
    try:
        yield
    except (SQLAlchemyError, SqliteError, CommandError, OSError) as error:
        place = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
        sentence = _("The register at {place} cannot be used: {reason}.")
        raise RegisterError(sentence.format(place=place, reason=_reason(error))) from None


def _reason(error: Exception) -> str:
    """The first line of what the database or the system says; a statement and its values stay out of it."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    return said.strip().partition("\n")[0].rstrip(".")
