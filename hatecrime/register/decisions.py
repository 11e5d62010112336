"""What a partnership decides about a place on the list of hotspots. A correction is a new decision; the last holds."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple, get_args

from sqlalchemy import Select, func, insert, select

from hatecrime.register.engine import reading, writing
from hatecrime.register.errors import told
from hatecrime.register.log import Register, storable
from hatecrime.register.models import Decision as Row

Kind = Literal["training", "centre", "tasking", "look_closer", "watch", "known", "none"]
# Training or school work there; open or move a reporting centre; patrols or other tasking; look closer first; watch it
# next quarter; known already and being dealt with; nothing now.
KINDS: tuple[str, ...] = get_args(Kind)
LONGEST_KEY = 200
LONGEST_QUARTER = 16
# Both SQLite and PostgreSQL take no more values in one statement than some ten thousands.
KEYS_AT_ONCE = 5000


class Decision(NamedTuple):
    """
    One decision, numbered in the order of writing.

    key names the entry of the list and is never read for its meaning; what is the sentence that stood there then.
    note must name no person: not a victim, not a suspect, not a witness.
    """

    id: int
    at: str
    subject: str
    key: str
    quarter: str
    what: str
    decision: str
    note: str = ""
    owner: str = ""
    due: date | None = None


def decide(
    register: Register,
    subject: str,
    key: str,
    quarter: str,
    what: str,
    decision: Kind,
    note: str = "",
    owner: str = "",
    due: date | None = None,
) -> Decision:
    """
    Add a decision, which holds from now on. Texts are cut at a thousand characters.

    Raises RegisterError where it cannot be written, and ValueError for a decision of no known kind or an impossible key
    or quarter, which no page offers.
    """
    if decision not in KINDS:
        raise ValueError(f"{decision!r} is none of {', '.join(KINDS)}")
    _check(key, "key", LONGEST_KEY)
    _check(quarter, "quarter", LONGEST_QUARTER)
    texts = {"subject": subject, "what": what, "note": note, "owner": owner}
    row = {name: storable(text).strip() for name, text in texts.items()}
    row |= {"at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "key": key, "quarter": quarter}
    with told(register.engine.url), writing(register.engine) as connection:
        asked = insert(Row).values(**row, decision=decision, due=due).returning(*COLUMNS)
        return Decision._make(connection.execute(asked).one())


def in_force(register: Register, keys: Iterable[str] | None = None) -> list[Decision]:
    """The last decision about each entry, the newest first; of all entries, or of those that are named."""
    newest = select(func.max(Row.id)).group_by(Row.key)
    if keys is None:
        return _read(register, [_newest_first().where(Row.id.in_(newest))])
    named = sorted(set(keys))
    parts = [named[start : start + KEYS_AT_ONCE] for start in range(0, len(named), KEYS_AT_ONCE)]
    found = _read(register, [_newest_first().where(Row.id.in_(newest.where(Row.key.in_(part)))) for part in parts])
    return sorted(found, key=lambda decision: -decision.id)


def history(register: Register, key: str) -> list[Decision]:
    """Everything that was decided about one entry, the newest first."""
    return _read(register, [_newest_first().where(Row.key == key)])


COLUMNS = [getattr(Row, name) for name in Decision._fields]


def _newest_first() -> Select[tuple[object, ...]]:
    return select(*COLUMNS).order_by(Row.id.desc())


def _read(register: Register, asked: list[Select[tuple[object, ...]]]) -> list[Decision]:
    with told(register.engine.url), reading(register.engine) as connection:
        return [Decision._make(row) for one in asked for row in connection.execute(one)]


def _check(text: str, name: str, longest: int) -> None:
    if not text or len(text) > longest or storable(text) != text:
        raise ValueError(f"a {name} is a text of 1 to {longest} characters")
