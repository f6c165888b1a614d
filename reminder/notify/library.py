"""Loads apprise when the first URL is opened: it costs half a second of CPU. Keeps its log lines out of ours."""

from __future__ import annotations

import logging
import threading
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from apprise import AppriseAsset

LOGGERS: Final = ("apprise", "urllib3", "requests", "charset_normalizer", "markdown", "MARKDOWN")
"""Loggers below us that print whole URLs when asked to say more."""


def silence() -> None:
    """Keep the libraries' own log lines out of ours: they contain tokens. What matters in them we say ourselves."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 10)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def services() -> Any:
    """Return apprise's register of its plugins, by scheme."""
    from apprise.manager_plugins import NotificationManager

    return NotificationManager()  # type: ignore[no-untyped-call]


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


def loaded() -> AppriseAsset:
    """Load apprise, if that has not been done; return what its plugins are made with."""
    with _LOADING:
        return _loaded()
