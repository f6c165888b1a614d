"""Hearing of what others have written: soon, once, and of nothing where nothing was written."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from reminder.store.sql.news import Announcements, CommitCount, News, news_of
from reminder.store.sql.store import open_store, scratch_store
from reminder.store.sql.tables import meta
from tests.support.faults import until
from tests.support.postgres import server
from tests.support.stores import POSTGRESQL, Rig


class Waker:
    """Counts how often somebody was woken."""

    def __init__(self) -> None:
        self.times = 0
        self.woken = threading.Event()

    def __call__(self) -> None:
        """Note it."""
        self.times += 1
        self.woken.set()


@pytest.fixture
def waker() -> Waker:
    return Waker()


@pytest.fixture
def heard(rig: Rig, waker: Waker) -> Iterator[News]:
    found = news_of(rig.store)
    assert found is not None
    found.listen(waker)
    if rig.kind == POSTGRESQL:
        until(waker.woken.is_set)  # it listens
    found.mark()
    yield found
    found.close()


def write(rig: Rig, key: str) -> None:
    other = rig.another().announcing()
    with other.write() as tx:
        tx.execute(insert(meta).values(key=key, value="x"))


def test_what_another_program_writes_is_heard_until_it_is_marked(rig: Rig, heard: News) -> None:
    assert not heard.has_come()
    write(rig, "a")
    until(heard.has_come)
    assert heard.has_come()
    heard.mark()
    assert not heard.has_come()
    write(rig, "b")
    until(heard.has_come)


def test_who_reads_or_changes_nothing_is_no_news(rig: Rig, heard: News) -> None:
    with rig.another().read() as tx:
        tx.execute(select(meta)).all()
    with rig.store.write() as tx:
        tx.execute(select(meta)).all()
    with rig.another().dry() as tx:
        tx.execute(insert(meta).values(key="never", value="x"))
    assert not heard.has_come()


def test_what_is_rolled_back_is_no_news(rig: Rig, heard: News) -> None:
    other = rig.another().announcing()
    with suppress(LookupError), other.write() as tx:
        tx.execute(insert(meta).values(key="never", value="x"))
        raise LookupError
    assert not heard.has_come()


def test_a_listener_whose_connection_is_cut_listens_again(waker: Waker) -> None:
    with server().database() as database:
        store = open_store(database)
        found = Announcements(store.engine, first_wait=0.01)
        found.listen(waker)
        until(waker.woken.is_set)
        for _ in range(2):
            waker.woken.clear()
            with store.write() as tx:
                cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
                assert tx.execute(text(cut)).all() == [(True,)]
            until(waker.woken.is_set)  # what was told meanwhile may have been missed: it looks
        found.close()
        store.close()


def test_without_a_server_nothing_is_heard_and_nothing_fails(waker: Waker, caplog: pytest.LogCaptureFixture) -> None:
    with server().database() as database:
        store = open_store(database)
    found = Announcements(store.engine, first_wait=0.01)
    caplog.set_level(logging.WARNING, logger="reminder")  # whatever a command in this process has set before
    found.listen(waker)
    until(lambda: "not listening" in caplog.text)
    found.close()
    store.close()
    assert (found.has_come(), caplog.text.count("not listening")) == (False, 1)


def test_a_file_that_is_gone_is_no_news(tmp_path: Path) -> None:
    found = CommitCount(tmp_path / "gone.db")
    found.mark()
    assert not found.has_come()
    found.close()


def test_a_database_in_memory_has_no_news() -> None:
    store = scratch_store()
    assert news_of(store) is None
    store.close()
