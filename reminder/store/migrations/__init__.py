"""Alembic's scripts: one file a version, run by `reminder.store.sql.migrate`."""
