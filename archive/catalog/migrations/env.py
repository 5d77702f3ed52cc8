"""How Alembic runs a migration: on the connection that it is handed, in one transaction.

Knows nothing of files or URLs.
"""

from alembic import context

from archive.catalog.tables.catalog import catalog

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=catalog,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
