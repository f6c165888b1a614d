"""What the measurements share: an endpoint in another process, an app over a fresh database, and a way to drain it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import certifi

from reminder.config import parse_config
from reminder.daemon.app import App
from reminder.daemon.build_delivery import build_transport
from reminder.delivery.sender_pool import SenderPool
from reminder.delivery.sweep import Sweeper
from reminder.notify.pace import pace
from reminder.platform.clock import SystemClock
from reminder.platform.paths import this_machine
from reminder.refresh.resolving import resolve_dates
from reminder.store.listings import sync
from reminder.store.sql.store import Store
from tests.support.proxy import authority


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, the figure, and what it is held against."""

    what: str
    figure: str
    goal: str = ""


@contextmanager
def endpoint(*, delay: float = 0.0, hang: bool = False, tls: Path | None = None) -> Iterator[int]:
    """Run an endpoint in a process of its own; yield its port."""
    command = [sys.executable, "-m", "bench.endpoint", "--delay", str(delay)]
    command += ["--hang"] if hang else []
    command += ["--tls", str(tls)] if tls else []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.communicate()


def trust_loopback(folder: Path) -> Path:
    """Make an authority and a certificate for 127.0.0.1, trusted beside certifi's whole bundle; return the folder."""
    authority().write(folder)
    context = authority()
    context.certificate("127.0.0.1", folder / "server.pem")
    bundle = folder / "bundle.pem"
    bundle.write_text(Path(certifi.where()).read_text() + (folder / "ca.pem").read_text())
    os.environ["REQUESTS_CA_BUNDLE"] = str(bundle)
    return folder


def make_app(folder: Path, text: str) -> App:
    """Return the app of a config text whose database lies in `folder`."""
    path = folder / "config.yaml"
    path.write_text(f"database: {folder / 'bench.db'}\n{text}")
    config = parse_config(path.read_text(), str(path), environ=os.environ)
    return App(machine=this_machine(), config=config, clock=SystemClock())


def due_today(count: int, channels: list[str], *, extra: str = "") -> str:
    """Return a config whose `count` titles come out today, one channel for each person, everything due at midnight."""
    today = datetime.now(UTC).date()
    people = "\n".join(f"  p{number}: {{channels: [c{number}]}}" for number in range(len(channels)))
    each = max(1, count // len(channels))
    return (
        "timezone: UTC\nat: '00:00'\nburst: 0\nremind: [day]\n"
        + "channels:\n"
        + "".join(f"  c{number}: {url}\n" for number, url in enumerate(channels))
        + f"subscribers:\n{people}\n{extra}watch:\n"
        + "".join(f"  - {{title: Title {number}, premiere: {today}}}\n" for number in range(each))
    )


def filled(app: App) -> Store:
    """Return the app's database, its subscriptions begun yesterday: everything of today is owed and due."""
    store = app.open_store()
    with store.write() as tx:
        began = datetime.combine(date.today() - timedelta(days=1), datetime.min.time(), tzinfo=UTC)  # noqa: DTZ011
        sync(tx, app.listed, now=began, grace=app.config.grace, resolve=resolve_dates)
    return store


def sender_pool_of(app: App, concurrency: int) -> SenderPool:
    """Return the threads that send for this app."""
    return SenderPool(
        build_transport(app),
        concurrency=concurrency,
        pace_of=lambda channel: pace(channel.url.reveal() if channel.url else "", app.config.delivery.rates),
        monotonic=time.monotonic,
    )


def drain(sweeper: Sweeper, *, seconds: float = 300.0) -> tuple[int, float]:
    """Sweep until nothing is due or on its way; return how many were sent and in how many seconds."""
    sent, began = 0, time.monotonic()
    while time.monotonic() - began < seconds:
        report = sweeper.sweep(datetime.now(UTC))
        sent += report.sent
        if report.more or report.started:
            continue
        if not sweeper.sender.in_flight:
            break
        sweeper.sender.wait(1.0)
    return sent, time.monotonic() - began
