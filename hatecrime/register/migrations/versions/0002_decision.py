"""Decisions about places, and what keeps them from being changed. The access log stays as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    """
    CREATE TRIGGER decision_is_never_updated BEFORE UPDATE ON decision
    BEGIN SELECT RAISE(ABORT, 'a decision is never changed: add a new one'); END
    """,
    """
    CREATE TRIGGER decision_is_never_deleted BEFORE DELETE ON decision
    BEGIN SELECT RAISE(ABORT, 'a decision is never changed: add a new one'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION refuse_change_of_decision() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a decision is never changed: add a new one'; END $$
    """,
    """
    CREATE TRIGGER decision_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_decision()
    """,
)


def upgrade() -> None:
    """Make the table of decisions."""
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("quarter", sa.String(16), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=True),
    )
    op.create_index("decision_by_key", "decision", ["key", "id"])
    for trigger in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(trigger)
