"""Alembic runs this for every migration, on the connection that the register has opened."""

from alembic import context

from hatecrime.register.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite changes a table by making it anew.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
