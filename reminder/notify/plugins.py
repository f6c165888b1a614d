"""apprise's plugins, unmodified, one for one URL with one target; nothing in them sleeps, repeats or writes."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from reminder.notify import schemas
from reminder.notify.http.attempt import Attempt, running
from reminder.notify.kept import check_kept
from reminder.notify.library import loaded
from reminder.notify.memory import Keep, keeping
from reminder.notify.understanding import Parsed, incomplete, take_apart
from reminder.notify.unusable import Unusable

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase

KEPT: Final = 1024
"""How many channels' plugins are kept (2.5 KiB each); beyond that, the one longest unused goes, and is made anew."""

FAREWELL_SECONDS: Final = 3.0


def open_plugin(url: str, allow_schemas: Collection[str] = ()) -> NotifyBase:
    """Return apprise's plugin for a channel's URL, set to send once and at once.

    Raises:
        Unusable: the scheme is refused, the URL is not understood as a whole, or it names not one target.
    """
    refused = schemas.refusal(url, allow_schemas)
    if refused:
        raise Unusable(refused)
    asset = loaded()
    parsed = take_apart(url)
    plugin = _made(parsed, asset)
    _tame(plugin)
    check_kept(parsed, plugin)
    return plugin


def _made(parsed: Parsed, asset: AppriseAsset) -> NotifyBase:
    """Return a URL's plugin, made as `Apprise.instantiate` makes it.

    That one also writes the URL, masked, for a log that nobody keeps: 115 µs of CPU for a Telegram chat and 150 for a
    webhook, against 75 and 50. With one channel for many people, nearly each message makes a plugin of its own.
    """
    try:
        return cast("NotifyBase", parsed.service(**parsed.fields, asset=asset, tag=set()))
    except Exception as error:  # noqa: BLE001  a plugin may raise anything; its words are the library's
        raise Unusable(incomplete(parsed.service, parsed.pieces.scheme, str(error)), is_address=True) from None


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
