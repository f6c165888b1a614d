"""Builds what is sent to browsers with: a key of the database, made when first needed, and what the config says."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from threading import Lock
from typing import TYPE_CHECKING

from reminder.config.values import Web
from reminder.core.model.secret import Secret
from reminder.daemon.app import App
from reminder.notify.webpush.settings import PushSettings
from reminder.store.identity import keep_push_key, push_key
from reminder.store.sql.store import Store

if TYPE_CHECKING:
    from reminder.notify.webpush.vapid import VapidKey


class PushAccess:
    """Returns what is sent to browsers with, as the config stands now; safe to call from several threads.

    Args:
        app: returns the config as it stands now, on its machine.
        store: the database that is open already; None to open it for the moment that it takes to read the key.
    """

    def __init__(self, app: Callable[[], App], store: Store | None = None) -> None:
        self._app = app
        self._store = store
        self._key: VapidKey | None = None
        self._reading = Lock()

    def __call__(self) -> PushSettings:
        """Return the settings. Raises StoreError while the key cannot be read."""
        with self._reading:
            self._key = key = self._key or self._read_key()
        web = self._app().config.web or Web()
        return PushSettings(key=key, contact=web.contact or "", hosts=web.push_hosts)

    def _read_key(self) -> VapidKey:
        from reminder.notify.webpush.vapid import VapidKey, new_key

        with self._opened() as store:
            with store.read() as tx:
                found = push_key(tx)
            if found is None:
                with store.write() as tx:
                    found = keep_push_key(tx, new_key())
        return VapidKey(Secret(found))

    def _opened(self) -> AbstractContextManager[Store]:
        return nullcontext(self._store) if self._store is not None else closing(self._app().open_store())
