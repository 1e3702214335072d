"""How Alembic runs mentorkit's migrations: on the connection that it is given."""

from alembic import context

from mentorkit.store.database import VERSION_TABLE
from mentorkit.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
    render_as_batch=True,
)
# Whoever gave the connection commits it, so that a migration is whole or not at all.
context.run_migrations()
