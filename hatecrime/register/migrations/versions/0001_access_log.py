"""The access log, the head of its chain, and what keeps both from being changed. There is no way back: rows stay."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

COUNT = sa.BigInteger().with_variant(sa.Integer, "sqlite")

SQLITE = (
    """
    CREATE TRIGGER access_log_is_never_updated BEFORE UPDATE ON access_log
    BEGIN SELECT RAISE(ABORT, 'the access log is never changed'); END
    """,
    """
    CREATE TRIGGER access_log_is_never_deleted BEFORE DELETE ON access_log
    BEGIN SELECT RAISE(ABORT, 'the access log is never changed'); END
    """,
    """
    CREATE TRIGGER chain_head_only_advances BEFORE UPDATE ON chain_head WHEN NEW.rows <> OLD.rows + 1
    BEGIN SELECT RAISE(ABORT, 'the head of the chain only advances'); END
    """,
    """
    CREATE TRIGGER chain_head_is_never_deleted BEFORE DELETE ON chain_head
    BEGIN SELECT RAISE(ABORT, 'the head of the chain only advances'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the access log is never changed'; END $$
    """,
    """
    CREATE TRIGGER access_log_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER chain_head_only_advances BEFORE UPDATE ON chain_head
    FOR EACH ROW WHEN (NEW.rows <> OLD.rows + 1) EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER chain_head_is_never_deleted BEFORE DELETE OR TRUNCATE ON chain_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)


def upgrade() -> None:
    """Make both tables, with a head for an empty chain."""
    op.create_table(
        "access_log",
        sa.Column("id", COUNT, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("filters", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    head = op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rows", COUNT, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "rows": 0, "hash": "0" * 64}])
    for trigger in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(trigger)
