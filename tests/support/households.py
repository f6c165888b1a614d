"""Configs that a household might have, made by Hypothesis: people, their hours, channels and titles."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

START = date(2025, 6, 1)
"""The day on which the lives of these households begin; their titles lie around and after it."""

ZONES = (
    "Asia/Kolkata",
    "America/New_York",
    "Europe/Berlin",
    "Pacific/Auckland",
    "Pacific/Honolulu",
    "Australia/Lord_Howe",
)
HOURS = st.sampled_from(
    [
        {"at": "09:00"},
        {"at": "20:00", "quiet_hours": "22:00-08:00"},
        {"at": "02:30"},
        {"at": "08:00", "quiet_hours": "23:30-08:00"},
        {"at": "00:00", "quiet_hours": "01:00-06:30"},
        {},
    ]
)
LEADS = st.lists(
    st.sampled_from(["30d", "2w", "7d", "3d", "1d", "day", "release", "+1d", "12h", "45m", "+2h"]),
    unique=True,
    max_size=5,
)
LADDERS = LEADS | st.fixed_dictionaries({}, optional={"premiere": LEADS, "episode": LEADS, "finale": LEADS})
WORDS = ("premiere", "episode", "finale", "window", "announced", "moved", "withdrawn", "cancelled", "missed", "trouble")
DIGESTS = st.sampled_from(["daily", "weekly monday", "weekly friday"])


def days() -> st.SearchStrategy[date]:
    """Return days from a little before the beginning to some months after it."""
    return st.integers(-5, 150).map(lambda number: START + timedelta(days=number))


@st.composite
def whens(draw: st.DrawFn) -> str | None:
    """Return a date as a config has it, at any precision."""
    on = draw(days())
    hour = draw(st.sampled_from(["00:00", "02:30", "12:00", "21:00"]))
    zone = draw(st.sampled_from(ZONES))
    written = [
        on.isoformat(),
        on.isoformat(),
        f"{on} {hour} {zone}",
        f"{on:%Y-%m}",
        f"{on.year}-Q{(on.month - 1) // 3 + 1}",
        f"fall {on.year}",
        str(on.year),
        None,
    ]
    return draw(st.sampled_from(written))


@st.composite
def titles(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """Return one entry of `watch`."""
    entry: dict[str, Any] = {"title": name, "premiere": draw(whens())}
    if draw(st.booleans()):
        entry["episodes"] = draw(st.integers(1, 6))
        entry["drop"] = draw(st.sampled_from(["all", "weekly", "daily"]))
        entry["follow"] = draw(st.sampled_from(["episodes", "premiere", "finale"]))
    if draw(st.integers(0, 3)) == 0:
        entry["remind"] = draw(LADDERS)
    if draw(st.integers(0, 9)) == 0:
        entry["cancelled"] = "true"
    return entry


@st.composite
def people(draw: st.DrawFn, channels: list[str]) -> dict[str, Any]:
    """Return what one subscriber says."""
    person: dict[str, Any] = {
        "timezone": draw(st.sampled_from(ZONES)),
        "channels": draw(st.lists(st.sampled_from(channels), unique=True, min_size=1)),
        **draw(HOURS),
    }
    optional = {
        "remind": LADDERS,
        "digest": DIGESTS,
        "burst": st.sampled_from(["0", "1", "3", "8"]),
        "mute": st.just(["T1"]),
    }
    for key, values in optional.items():
        if draw(st.integers(0, 2)) == 0:
            person[key] = draw(values)
    return person


@st.composite
def households(draw: st.DrawFn) -> str:
    """Return a whole config, as JSON, which is YAML too."""
    channels: dict[str, Any] = {}
    for number in range(draw(st.integers(1, 3))):
        url = f"json://127.0.0.1:9/{number}"
        only = draw(st.none() | st.lists(st.sampled_from(WORDS), unique=True, min_size=1, max_size=4))
        channels[f"c{number}"] = url if only is None else {"url": url, "only": only}
    names = list(channels)
    config = {
        "channels": channels,
        "subscribers": {name: draw(people(names)) for name in ("asha", "ravi")[: draw(st.integers(1, 2))]},
        "watch": [draw(titles(f"T{number}")) for number in range(draw(st.integers(1, 3)))],
    }
    return json.dumps(config, default=str)


@st.composite
def lives(draw: st.DrawFn) -> tuple[str, list[tuple[date, str]]]:
    """Return a config, and what it becomes on some days: dates move, titles and people come and go."""
    first = draw(households())
    when = sorted(set(draw(st.lists(days(), min_size=1, max_size=4))))
    return first, [(on, draw(edited(first))) for on in when]


@st.composite
def edited(draw: st.DrawFn, config: str) -> str:
    """Return a config with other dates in it, and perhaps without one of its titles or people."""
    made = json.loads(config)
    for entry in made["watch"]:
        change = draw(st.integers(0, 5))
        if change <= 3:
            entry["premiere"] = draw(whens())
        elif change == 4:
            entry["cancelled"] = "true"
    if draw(st.integers(0, 4)) == 0:
        made["watch"].pop()
    if len(made["subscribers"]) > 1 and draw(st.integers(0, 4)) == 0:
        made["subscribers"].pop("ravi")
    for name in made["subscribers"]:
        if draw(st.integers(0, 3)) == 0:
            made["subscribers"][name] = draw(people(list(made["channels"])))
    return json.dumps(made, default=str)
