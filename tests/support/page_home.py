"""A household whose titles are hostile, and of every kind of date: what its pages have to bear.

Asha is the owner; Ravi is a member, and so is Zoe. "Ballard" is Asha's and Ravi's, "Private" is Ravi's alone.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

HOSTILE: Final = {
    "script": "<script>alert(1)</script>",
    "template": "{{7*7}} {% for x in y %} {{config}}",
    "attribute": "\"><img src=x onerror=alert(1)>' onfocus='alert(2)' <b>bold</b> &amp;lt;",
    "right to left": "\u202eReversed\u202c \u2067שלום\u2069 \u200f\u200e",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈 Emoji 🇮🇳",
    "combining": "Z" + "\u0351\u036b\u0343\u036a\u0302" * 30 + "algo",
    "unbroken": "W" * 500,
}
"""Titles that somebody might bring, by what is wrong with them."""

AT: Final = "2025-06-20T06:30:00Z"
"""When the pages are looked at."""

DATES: Final = {
    "Day": "2025-07-09",
    "Today": "2025-06-20",
    "Past": "2025-06-01",
    "Instant": "2025-07-11 20:00 America/New_York",
    "Month": "July 2025",
    "Quarter": "Q3 2025",
    "Season": "fall 2025",
    "Year": "2026",
    "Unknown": "TBA",
}


def page_home(hook: str, **more: Any) -> dict[str, Any]:
    """Return a config; `hook` is the URL of the channel of all."""
    return {
        "timezone": "Asia/Kolkata",
        "channels": {
            "hook": hook,
            "own": hook,
            "chat": {"url": f"{hook.rstrip('/')}/{{address}}", "join": True},
        },
        "subscribers": {
            "asha": {"channels": ["hook", "own"]},
            "ravi": {"channels": ["hook"], "timezone": "America/New_York"},
            "zoe": {"channels": ["hook"]},
        },
        "operator": "asha",
        "watch": [
            {"title": "Ballard", "premiere": "2025-07-09", "platform": "Prime Video", "episodes": 10, "for": ["asha", "ravi"]},
            {"title": "Private", "premiere": "2025-07-10", "for": ["ravi"]},
            {"title": "Told", "premiere": "2025-06-25", "for": ["ravi"]},
            *({"title": name, "premiere": when, "for": ["asha"]} for name, when in DATES.items()),
            *(
                {"title": title, "premiere": "2025-07-12", "note": title[:200], "platform": title[:100], "for": ["asha"]}
                for title in HOSTILE.values()
            ),
        ],
        **more,
    }  # fmt: skip


def as_text(config: dict[str, Any]) -> str:
    """Return a config as its file has it."""
    text: str = yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    return text
