"""How Alembic runs here: on the connection that the portal hands it."""

from alembic import context

from portal import migrating

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=migrating.tables(),
    render_as_batch=True,
    compare_type=True,
    include_name=lambda name, _kind, _parents: not migrating.by_hand(name),
)
with context.begin_transaction():
    context.run_migrations()
