"""What `database:` may say: a path or a PostgreSQL, and everything else is refused without being shown."""

from __future__ import annotations

import pytest

from reminder.core.model.database import BadDatabase, is_server, understood

PASSWORD = "hunter2secret"


@pytest.mark.parametrize(
    ("setting", "plain"),
    [
        ("reminder.db", "reminder.db"),
        ("sub/my shows.db", "sub/my shows.db"),
        ("/srv/me@home/x=1.db", "/srv/me@home/x=1.db"),
        ("~/shows@home.db", "~/shows@home.db"),
        ("./db.example.com:5432", "./db.example.com:5432"),
        ("a:b.db", "a:b.db"),
        ("sqlite:///shows.db", "shows.db"),
        ("SQLite:////srv/shows.db", "/srv/shows.db"),
        ("sqlite+pysqlite:////srv/shows.db", "/srv/shows.db"),
        ("postgresql://me@db/reminder", "postgresql://me@db/reminder"),
        ("postgres://db/reminder", "postgresql://db/reminder"),
        ("PostgreSQL://db/reminder", "postgresql://db/reminder"),
        ("postgresql+psycopg2://me:pw@db/reminder", "postgresql://me:pw@db/reminder"),
        ("postgresql+asyncpg://db/reminder?sslmode=require", "postgresql://db/reminder?sslmode=require"),
        ("postgresql:///reminder?host=/var/run/postgresql", "postgresql:///reminder?host=/var/run/postgresql"),
        ("postgresql://db/?dbname=reminder", "postgresql://db/?dbname=reminder"),
    ],
)
def test_a_path_or_a_postgresql_is_understood_in_one_form(setting: str, plain: str) -> None:
    assert understood(setting) == plain
    assert is_server(plain) == plain.startswith("postgresql://")


@pytest.mark.parametrize(
    "setting",
    [
        f"host=127.0.0.1 dbname=plain user=postgres password={PASSWORD}",
        f"dbname=plain password={PASSWORD}",
        f"password = {PASSWORD} host = db",
        f"Server=db;Database=x;Password={PASSWORD}",
        f"postgresql:/home/{PASSWORD}",
        f"postgres:{PASSWORD}@db/reminder",
        f"//me:{PASSWORD}@db/reminder",
        f"me:{PASSWORD}@db/reminder",
        f"me:{PASSWORD}@db:5432",
        f"db.example.com:5432/{PASSWORD}",
        f"jdbc:postgresql://db/x?password={PASSWORD}",
        f"mysql://me:{PASSWORD}@db/x",
        f"file:{PASSWORD}.db?mode=ro",
        f"sqlite:{PASSWORD}.db",
        f"sqlite://{PASSWORD}.db",
        f"postgresql://me:{PASSWORD}@db",
        f"postgresql://me:{PASSWORD}@db/",
        f"postgresql://me:{PASSWORD}@x@db/reminder",
        f"postgresql://[me:{PASSWORD}@db/reminder",
        f"shows.db\n{PASSWORD}",
        "",
    ],
)
def test_anything_else_is_an_error_that_shows_nothing_of_it(setting: str) -> None:
    with pytest.raises(BadDatabase, match="write ") as caught:
        understood(setting)
    assert PASSWORD not in str(caught.value)
