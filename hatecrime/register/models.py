"""The tables of the register. A change here needs a migration beside it."""

from datetime import date

from sqlalchemy import BigInteger, Date, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# SQLite counts rows in INTEGER only; elsewhere an access log outgrows 32 bits.
Count = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """All tables of the register."""


class AccessLog(Base):
    """
    One row is one thing that somebody did. Rows are numbered from 1 without a gap, and never changed.

    Times are texts, as every database gives a text back exactly as it was hashed.
    """

    __tablename__ = "access_log"

    id: Mapped[int] = mapped_column(Count, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(String(16))
    event: Mapped[str] = mapped_column(String(16))
    page: Mapped[str] = mapped_column(Text)
    filters: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ChainHead(Base):
    """One row: how many entries there are and the hash of the last. Writers queue for it; a cut-off end shows by it."""

    __tablename__ = "chain_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    rows: Mapped[int] = mapped_column(Count)
    hash: Mapped[str] = mapped_column(String(64))


class Decision(Base):
    """One row is what was decided about one entry of the list of hotspots. Rows are never changed: the last holds."""

    __tablename__ = "decision"
    __table_args__ = (Index("decision_by_key", "key", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(200))
    quarter: Mapped[str] = mapped_column(String(16))
    what: Mapped[str] = mapped_column(Text)
    decision: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    due: Mapped[date | None] = mapped_column(Date)
