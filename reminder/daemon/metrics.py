"""Serves monitors over HTTP: `/metrics` for Prometheus, `/healthz` for everything else.

Names of channels and kinds of messages are labels; titles, people and addresses are not.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from reminder.core.errors import StoreError
from reminder.core.model.entities import Channel
from reminder.platform.clock import Clock
from reminder.platform.counters import Counters
from reminder.platform.heartbeat import Heartbeat
from reminder.store.sql.store import Store
from reminder.usecases.health import Backlog, ServiceState, state_of, unseen

log = logging.getLogger(__name__)

MAX_AGE: Final = timedelta(minutes=5)
"""How old the last sweep may be, as for `reminder health`."""

Answer = tuple[str, str, bytes]


@dataclass(kw_only=True, eq=False)
class ObservedDaemon(Collector):
    """One daemon as it is seen from outside: what it counts, and how it stands now. `name` is its config's."""

    name: str
    store: Store
    counters: Counters
    clock: Clock
    beat: Callable[[], Heartbeat | None]
    channels: Callable[[], Mapping[str, Channel]]
    sources: Callable[[], Collection[str]]
    in_flight: Callable[[], int]
    stuck: Callable[[], int]

    def describe(self) -> Iterable[Metric]:
        """Return nothing: what there is to show is known when it is asked for."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield every metric as it stands now."""
        yield from self._counted()
        yield _gauge("stuck_sends", "Sends that overran their time and hold a thread still.", self.stuck())
        yield _gauge("in_flight", "Messages on their way.", self.in_flight())
        now = self.clock.now()
        state = self._look(now)
        yield _gauge("database_up", "Whether the database answers.", int(state.backlog is not None))
        if state.backlog is not None:
            yield from _looked_up(state, state.backlog, now)

    def health(self) -> tuple[bool, tuple[str, ...]]:
        """Return whether reminders go out, and everything that is wrong."""
        now = self.clock.now()
        problems = self._look(now).problems(self.beat(), now, MAX_AGE)
        return not problems, problems

    def _counted(self) -> Iterator[Metric]:
        seen = self.counters.seen()
        labels = ("outcome", "channel", "kind")
        deliveries = CounterMetricFamily("reminder_deliveries", "What came of deliveries.", labels=labels)
        for key, number in sorted(seen.outcomes.items()):
            deliveries.add_metric(key, number)
        yield deliveries
        yield SummaryMetricFamily(
            "reminder_sweep_seconds", "How long sweeps took.", count_value=seen.sweeps, sum_value=seen.sweep_seconds
        )
        yield _gauge("last_sweep_timestamp_seconds", "When the last sweep was.", _seconds(seen.swept_at))

    def _look(self, now: datetime) -> ServiceState:
        """Return what the database says, or why it does not."""
        try:
            with self.store.read() as tx:
                return state_of(
                    tx,
                    name=self.name,
                    channels=sorted(self.channels()),
                    sources=self.sources(),
                    now=now,
                )
        except StoreError as error:
            return unseen(self.store.place, str(error))


def _looked_up(state: ServiceState, backlog: Backlog, now: datetime) -> Iterator[Metric]:
    oldest = backlog.oldest_at
    late = (now - oldest).total_seconds() if oldest else 0.0
    yield _gauge("due_backlog", "What is due and not yet decided or tried.", backlog.count)
    yield _gauge("oldest_overdue_seconds", "For how long the oldest of that has been due.", late)
    yield from _of_channels(state)
    yield from _of_sources(state)


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"reminder_{name}", says, value=value)


def _of_channels(look: ServiceState) -> Iterator[Metric]:
    states = look.channels
    parked = {name: int(state.parked_at is not None) for name, state in states.items()}
    yield _by("channel", "parked", "Channels that fail by their own fault.", parked)
    waiting = {name: state.waiting for name, state in states.items()}
    yield _by("channel", "waiting", "Deliveries that wait for a channel.", waiting)
    refused = {name: look.refused.get(name, 0) for name in states}
    yield _by("channel", "refused_addresses", "Addresses of a shared channel that refuse what is sent.", refused)
    took = {name: _seconds(state.last_success_at) for name, state in states.items()}
    yield _by("channel", "last_success_timestamp_seconds", "When a channel last took a message.", took)


def _of_sources(look: ServiceState) -> Iterator[Metric]:
    states = look.sources
    failing = {name: int(state.is_failing) for name, state in states.items()}
    yield _by("source", "failing", "Sources of dates that give no answer.", failing)
    waiting = {name: look.waiting.get(name, 0) for name in states}
    yield _by("source", "waiting", "Titles of which the last look at their source gave no answer.", waiting)
    answered = {name: _seconds(state.last_success_at) for name, state in states.items()}
    yield _by("source", "last_success_timestamp_seconds", "When a source last gave a good answer.", answered)


def _by(label: str, name: str, says: str, values: Mapping[str, float]) -> Metric:
    found = GaugeMetricFamily(f"reminder_{label}_{name}", says, labels=[label])
    for of, value in values.items():
        found.add_metric([of], value)
    return found


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


# The server ----------------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class MetricsServer:
    """Shows one daemon on one address until it is closed. Raises OSError when that cannot be listened on."""

    address: tuple[str, int]
    watched: ObservedDaemon
    _server: WSGIServer = field(init=False)

    def __post_init__(self) -> None:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self.watched)
        metrics = make_wsgi_app(registry)

        def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            if environ["PATH_INFO"] == "/metrics":
                found: Iterable[bytes] = metrics(environ, start)
                return found
            status, kind, body = self._page(environ["PATH_INFO"])
            start(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
            return [body]

        host, port = self.address
        self._server = make_server(host, port, answer, _Threads6 if ":" in host else _Threads, _Quiet)
        threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()

    @property
    def port(self) -> int:
        """Return the port that is listened on."""
        return self._server.server_port

    def _page(self, path: str) -> Answer:
        if path == "/healthz":
            ok, problems = self.watched.health()
            body = json.dumps({"ok": ok, "problems": problems}, ensure_ascii=False)
            return ("200 OK" if ok else "503 Service Unavailable"), "application/json", body.encode()
        return "404 Not Found", "text/plain; charset=utf-8", b"write /metrics or /healthz\n"

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    allow_reuse_address = True

    def server_bind(self) -> None:
        """Bind, without asking the name server what this machine is called: that may hang."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = str(self.server_address[0]), self.socket.getsockname()[1]
        self.setup_environ()

    def handle_error(self, _request: object, _client: object) -> None:
        """Let a client that hangs up do so."""
        log.debug("metrics request broken off")


class _Threads6(_Threads):
    address_family = socket.AF_INET6


class _Quiet(WSGIRequestHandler):
    timeout = 10

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002  the name is the library's
        """Say nothing: the log would be full of lines about scrapes."""
