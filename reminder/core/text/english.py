"""The parts of English that are said without a reader: a zone's letters, a number of things, a capital letter."""

from __future__ import annotations

from datetime import datetime, tzinfo


def letters(local: datetime) -> str:
    """Return the zone's letters; its city where it has none (tzdata names such zones `-03`)."""
    letters = local.tzname() or ""
    if letters.isalpha():
        return letters
    city = city_of(local.tzinfo)
    return f"{city} time" if city else f"UTC{letters}"


def city_of(zone: tzinfo | None) -> str:
    """Return the city that a zone is named for, nothing where it is named for none: `Sao Paulo`."""
    city = str(zone).rpartition("/")[2].replace("_", " ")
    return city if city.replace(" ", "").isalpha() else ""


def count(number: int, noun: str) -> str:
    """Return a number of things: `1 day`, `2 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def sentence(text: str) -> str:
    """Return `text` begun with a capital letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]
