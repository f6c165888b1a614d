"""The machine's own time zone."""

from __future__ import annotations


def system_zone() -> str:
    """Return the name of the machine's time zone."""
    from tzlocal import get_localzone_name  # reads files; only when asked

    return str(get_localzone_name())
