"""How Alembic runs here: on the connection that the portal hands it."""

from alembic import context

from portal.operations import migrations

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=migrations.metadata(),
    render_as_batch=True,
    compare_type=True,
    include_name=lambda name, _kind, _parents: not migrations.is_unmapped(name),
)
with context.begin_transaction():
    context.run_migrations()
