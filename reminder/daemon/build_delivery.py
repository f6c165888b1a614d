"""Builds what sends, as a config says: transport, sender, sweeper, and what watches over channels."""

from __future__ import annotations

import importlib.util
import logging
import uuid
from collections.abc import Callable

from reminder.config import Config
from reminder.core.model.entities import Channel
from reminder.daemon.app import App
from reminder.daemon.build_push import PushAccess
from reminder.delivery.channel_check import ChannelCheck
from reminder.delivery.lease_keeper import LeaseKeeper
from reminder.delivery.sender import Sender
from reminder.delivery.sender_pool import SenderPool
from reminder.delivery.sweep import Sweeper
from reminder.delivery.weekly_heartbeat import WeeklyHeartbeat
from reminder.notify.console import ConsoleTransport
from reminder.notify.pace import pace
from reminder.notify.router import Router
from reminder.notify.transport import Transport
from reminder.notify.webpush.settings import PushSettings
from reminder.platform.clock import since_boot
from reminder.store.sql.store import Store

log = logging.getLogger(__name__)


def build_transport(
    app: App, console: ConsoleTransport | None = None, *, push: Callable[[], PushSettings] | None = None
) -> Router:
    """Return the transport of every channel; the remote ones are loaded when the first such message goes out.

    `push` returns what is sent to browsers with, if not what the app's config and database say.
    """
    return Router(services=lambda: _services(app, push or PushAccess(lambda: app)), console=console)


def _services(app: App, push: Callable[[], PushSettings]) -> Transport:
    from reminder.notify.apprise import AppriseTransport
    from reminder.notify.library import loaded

    loaded()  # apprise: its loading is no part of the first attempt

    return AppriseTransport(
        clock=app.clock,
        timeout=app.config.delivery.timeout.total_seconds(),
        allow_schemas=app.config.allow_schemas,
        push=push,
    )


def build_lease_keeper(app: App, store: Store, *, is_daemon: bool = True) -> LeaseKeeper | None:
    """Return this process as the other daemons of a PostgreSQL see it; None on SQLite, which has one."""
    if store.is_sqlite:
        return None
    return LeaseKeeper(me=app.identity(uuid.uuid4().hex), elapsed=since_boot, is_daemon=is_daemon)


def build_sweeper(app: App, store: Store, sender: Sender, lease_keeper: LeaseKeeper | None = None) -> Sweeper:
    """Return the sweeper of this config over `store`, which sends by `sender`."""
    return Sweeper(
        store=store,
        sender=sender,
        channels=app.config.channels,
        templates=app.config.templates,
        grace=app.config.grace,
        operator=app.config.operator,
        lease_keeper=lease_keeper,
        weekly=weekly_heartbeat(app.config),
        web_address=links_to(app.config),
    )


def links_to(config: Config) -> str | None:
    """Return where the links in messages lead: the page's address. None where there is none, or nothing signs them."""
    if config.web is None or config.web.address is None:
        return None
    if importlib.util.find_spec("itsdangerous") is None:
        log.error("no links in messages", extra={"why": "a library is missing: pip install 'release-reminder[web]'"})
        return None
    return config.web.address


def weekly_heartbeat(config: Config) -> WeeklyHeartbeat:
    """Return what tells the operator once a week that all is well, if the config asks for it."""
    operator = next((person for person in config.subscribers if person.name == config.operator), None)
    return WeeklyHeartbeat(
        operator=operator, weekday=config.heartbeat, grace=config.grace, channels=frozenset(config.channels)
    )


def build_channel_check(app: App, store: Store, sweeper: Sweeper) -> ChannelCheck:
    """Return what finds channels that cannot be built, of those that `sweeper` sends to."""

    def problem_of(channel: Channel) -> str | None:
        from reminder.notify.judging import problem_of as judged

        return judged(channel, app.config.allow_schemas)

    return ChannelCheck(
        store=store,
        channels=lambda: sweeper.channels,
        operator=lambda: sweeper.operator,
        problem_of=problem_of,
    )


def build_sender(app: App, lease_keeper: LeaseKeeper | None = None, transport: Router | None = None) -> Sender:
    """Return the threads that send; with a lease keeper, they send only what is surely still ours."""
    delivery = app.config.delivery
    return SenderPool(
        transport or build_transport(app),
        concurrency=delivery.concurrency,
        pace_of=lambda channel: pace(channel.url.reveal() if channel.url else "", delivery.rates),
        monotonic=app.clock.monotonic,
        is_leased=lease_keeper.is_leased if lease_keeper else lambda _: True,
    )
