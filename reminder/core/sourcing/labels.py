"""Names a release by its place in its season, as messages call it."""

from __future__ import annotations

from reminder.core.model.entities import Role


def label_of(role: Role, season: int | None, first: int, last: int) -> str:
    """Return what the episodes from `first` to `last` of a season are called together."""
    match role:
        case Role.PREMIERE:
            return premiere_of(season)
        case Role.FINALE:
            return "finale"
        case Role.EPISODE:
            return f"episode {first}" if first == last else f"episodes {first}-{last}"


def premiere_of(season: int | None) -> str:
    """Return what the first release of a season is called; `season` is None for a work without seasons."""
    return "premiere" if season is None else f"season {season} premiere"
