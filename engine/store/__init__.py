"""The only package that knows SQL: one set of tables, SQLite and PostgreSQL from the same code."""
