"""Browsers by a name that their owner knows: Firefox on Android, Chrome on Windows."""

from __future__ import annotations

from typing import Final

from reminder.core.wording import Wording

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """Return what a browser that calls itself so is known as; the beginning of what it says where that is unknown."""
    browser, system = browser_and_system(agent)
    if not browser:
        return Wording("unknown")
    return Wording("%(browser)s on %(system)s", browser=browser, system=system) if system else browser


def browser_and_system(agent: str) -> tuple[str, str]:
    """Return the names of a browser that calls itself so and of its system, an empty text for each that is unknown.

    Of a browser without a name here, the beginning of what it says stands for it.
    """
    browser = next((name for sign, name in _BROWSERS if sign in agent), None)
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return (browser, system) if browser is not None else (agent[:40] if agent != "unknown" else "", "")
