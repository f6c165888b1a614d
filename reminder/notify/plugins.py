"""apprise's plugins, unmodified, one for one URL with one target; nothing in them sleeps, repeats or writes.

apprise is imported when the first URL is opened: it costs half a second of CPU.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
import warnings
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from reminder.errors import ReminderError
from reminder.notify import schemas
from reminder.notify.attempt import Attempt, running
from reminder.notify.memory import Keep, keeping
from reminder.notify.scrub import line, secret_parts

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase

KEPT: Final = 1024
"""How many channels' plugins are kept (2.5 KiB each); beyond that, the one longest unused goes, and is made anew."""

FAREWELL_SECONDS: Final = 3.0

LOGGERS: Final = ("apprise", "urllib3", "requests", "charset_normalizer", "markdown", "MARKDOWN")
"""Loggers below us that print whole URLs when asked to say more."""


SHAPES: Final = {"tgram": "tgram://{bot_token}/{chat}"}
"""How a URL is written, where apprise would take less than we do."""


class Unusable(ReminderError):
    """A channel's URL cannot be used; the text says why, without the URL."""


def silence() -> None:
    """Keep the libraries' own log lines out of ours: they contain tokens. What matters in them we say ourselves."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 10)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


_LOADING: Final = threading.Lock()


@cache
def _loaded() -> AppriseAsset:
    """Load apprise with all its plugins, quietly: they warn of Python's plans, not of ours."""
    silence()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from apprise import AppriseAsset
        from apprise.common import PersistentStoreMode

        services().load_modules()
    silence()
    # Without the empty masks, messages would carry pictures from apprise's own repository.
    return AppriseAsset(
        app_id="reminder", app_desc="reminder", app_url="", image_url_mask="", image_url_logo="", plugin_paths=[],
        storage_mode=PersistentStoreMode.MEMORY, service_timeout=0, http_redirects=False, interpret_emojis=False,
        allow_templates=False, secure_logging=True,
    )  # fmt: skip


def services() -> Any:
    """Return apprise's register of its plugins, by scheme."""
    from apprise.manager_plugins import NotificationManager

    return NotificationManager()  # type: ignore[no-untyped-call]


def _asset() -> AppriseAsset:
    with _LOADING:
        return _loaded()


def open_plugin(url: str, allow_schemas: Collection[str] = ()) -> NotifyBase:
    """Return apprise's plugin for a channel's URL, set to send once and at once.

    Raises:
        Unusable: the scheme is refused, the URL is not understood, or it names more than one target.
    """
    refused = schemas.refusal(url, allow_schemas)
    if refused:
        raise Unusable(refused)
    plugin = _instance(url)
    _tame(plugin)
    targets = len(plugin)
    if targets != 1:
        raise Unusable(_wrong_number(schemas.describe(url), targets))
    if getattr(plugin, "detect_owner", False) and not getattr(plugin, "targets", True):
        # Telegram's plugin would send to whoever wrote to the bot last.
        raise Unusable("this tgram:// URL names no chat: write tgram://TOKEN/CHAT")
    return plugin


def _instance(url: str) -> NotifyBase:
    """Return a URL's plugin, made as `Apprise.instantiate` makes it.

    That one also writes the URL, masked, for a log that nobody keeps: 115 µs of CPU for a Telegram chat and 150 for a
    webhook, against 75 and 50. With one channel for many people, nearly each message makes a plugin of its own.
    """
    asset, scheme = _asset(), schemas.scheme_of(url)
    service = services()[scheme]
    try:
        parts = service.parse_url(url.strip().replace("/#", "/%23"))
        plugin = service(**parts, asset=asset, tag=set()) if parts and service.enabled else None
    except Exception as error:  # noqa: BLE001  a plugin may raise anything; its text may hold the URL
        raise Unusable(_incomplete(scheme, line(str(error), secret_parts(url)))) from None
    if plugin is None:
        raise Unusable(_not_understood(scheme))
    return cast("NotifyBase", plugin)


def _not_understood(scheme: str) -> str:
    plugin = services()[scheme]
    if plugin.enabled:
        return _incomplete(scheme, "")
    needed = plugin.requirements.get("packages_required") or "something"
    named = needed if isinstance(needed, str) else ", ".join(needed)
    return f"{scheme}:// needs {named}, which is not installed here"


def _incomplete(scheme: str, said: str) -> str:
    plugin = services()[scheme]
    shape = SHAPES.get(scheme) or str(next(iter(plugin.templates), "{schema}://…")).replace("{schema}", scheme)
    said = re.sub(r" ?\((?:None)?\)|[.:\s]+$", "", said)
    why = f" ({said})" if said else ""
    return f"this {scheme}:// URL is not complete{why}: write {shape}, see {plugin.setup_url}"


def _wrong_number(shown: str, targets: int) -> str:
    if targets < 1:
        return f"this {shown} URL names nobody to send to"
    return f"this {shown} URL names {targets} targets; write one channel for each, or a failure repeats the others"


def _tame(plugin: Any) -> None:
    """Switch off what apprise would do by itself: wait between sends, try again, follow redirects, split, forgive."""
    plugin.request_rate_per_sec = 0
    plugin.throttle = _no_throttle
    plugin.retry, plugin.wait = 0, 0.0
    plugin.redirects = False
    plugin.optional = False
    plugin.overflow_mode = "upstream"


def _no_throttle(*_: object, **__: object) -> None:
    """Replace a plugin's wait: its clock is the wall's, and its wait has no end when that steps back."""


@dataclass(kw_only=True)
class Loan:
    """A plugin for one message. `spent`: it is thrown away afterwards, with all that it has noted."""

    plugin: NotifyBase
    is_new: bool
    spent: bool = False

    @property
    def may_be_stale(self) -> bool:
        """Tell whether a refusal may come from what an earlier message has left in the plugin, such as a login."""
        return not self.is_new and keeping(self.plugin) is Keep.UNTIL_REFUSED


class Plugins:
    """The plugins of the channels in use. A plugin keeps state while it sends, so each is lent to one thread.

    Args:
        allow_schemas: schemes that are taken although they are not on the list.
        monotonic: the clock, in seconds.
    """

    def __init__(self, allow_schemas: Collection[str] = (), *, monotonic: Callable[[], float]) -> None:
        self._allow = frozenset(allow_schemas)
        self._monotonic = monotonic
        self._free: OrderedDict[str, list[NotifyBase]] = OrderedDict()
        self._thrown_away: list[NotifyBase] = []
        self._lock = threading.Lock()

    @contextmanager
    def lent(self, url: str) -> Iterator[Loan]:
        """Lend a plugin for `url`; one whose call raised, or that is `spent`, is not lent again. Raises Unusable."""
        self._let_go()
        key = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        kept = self._take(key)
        loan = Loan(plugin=kept or open_plugin(url, self._allow), is_new=kept is None)
        yield loan
        if loan.spent or keeping(loan.plugin) is Keep.FOR_ONE:
            self._throw_away([loan.plugin])
        else:
            self._give_back(key, loan.plugin)

    def clear(self) -> None:
        """Forget all plugins."""
        with self._lock:
            kept = [plugin for plugins in self._free.values() for plugin in plugins]
            self._free.clear()
        self._throw_away(kept)
        del kept
        self._let_go()

    def _throw_away(self, plugins: Collection[NotifyBase]) -> None:
        """Keep these until nobody works with them any more."""
        with self._lock:
            self._thrown_away += plugins

    def _let_go(self) -> None:
        """Let go of what was thrown away. A plugin that is logged in may log out then, and has little time for it."""
        with self._lock:
            gone, self._thrown_away = self._thrown_away, []
        if gone:
            with running(Attempt(FAREWELL_SECONDS, self._monotonic)):
                gone.clear()

    def _take(self, key: str) -> NotifyBase | None:
        with self._lock:
            waiting = self._free.get(key)
            return waiting.pop() if waiting else None

    def _give_back(self, key: str, plugin: NotifyBase) -> None:
        with self._lock:
            self._free.setdefault(key, []).append(plugin)
            self._free.move_to_end(key)
            if len(self._free) > KEPT:
                self._thrown_away += self._free.popitem(last=False)[1]


def problems(url: str, allow_schemas: Collection[str] = ()) -> str | None:
    """Say why a channel's URL cannot be used, and what to write instead; None if it can. Loads apprise.

    The text never contains a secret.
    """
    if schemas.scheme_of(url) == schemas.CONSOLE:
        return None
    try:
        open_plugin(url, allow_schemas)
    except Unusable as why:
        return str(why)
    return None
