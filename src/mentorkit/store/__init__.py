"""Everything that is kept: tables, migrations and queries, on SQLite and PostgreSQL."""
