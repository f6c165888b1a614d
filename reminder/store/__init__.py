"""The database: tables and migrations, titles and subscriptions, and the ledger. SQLite and PostgreSQL alike."""
