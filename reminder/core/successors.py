"""Names are not identities: which channel goes on under which name (SPEC 4)."""

from __future__ import annotations

from collections.abc import Mapping


def channel_successors(known: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the channels that go on under another name, as old name to new name.

    Given are the fingerprints of the channels' URLs by name, as they are kept and as they are listed now; an empty one
    is not known. Where both a name and a URL lead somewhere, the URL decides.
    """
    homes: dict[str, list[str]] = {}
    for name, mark in wanted.items():
        homes.setdefault(mark, []).append(name)
    found = {}
    for name, mark in known.items():
        if not mark or wanted.get(name) in {"", mark} or mark not in homes:
            continue
        new = [home for home in homes[mark] if known.get(home) != mark]
        found[name] = (new or homes[mark])[0]
    return found
