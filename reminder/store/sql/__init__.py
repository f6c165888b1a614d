"""The database itself: engines, tables, transactions, migrations, errors."""
