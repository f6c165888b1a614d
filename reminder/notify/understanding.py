"""Whether a service's plugin understood the whole of a channel's URL: what it says is held against what was kept.

apprise is asked for a plugin and gives one, also when an option is misspelt, a recipient was dropped or half the
password was taken for the host. Here that is found out, and said without a word of the library and of the URL.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import unquote

from reminder.notify import schemas, urls
from reminder.notify.library import loaded, services
from reminder.notify.memory import state_of
from reminder.notify.options import strange
from reminder.notify.unusable import Unusable
from reminder.notify.urls import Pieces

SHAPES: Final = {
    "tgram": "tgram://BOT_TOKEN/CHAT",
    "slack": "slack://TOKEN_A/TOKEN_B/TOKEN_C/#CHANNEL",
    "matrix": "matrix://TOKEN@HOST/!ROOM:SERVER",
    "matrixs": "matrixs://TOKEN@HOST/!ROOM:SERVER",
    "ntfys": "ntfys://TOPIC or ntfys://HOST/TOPIC",
    "ntfy": "ntfy://HOST/TOPIC",
    "pover": "pover://USER_KEY@TOKEN",
}
"""How a URL is written, where apprise's first form is not the one that is meant."""

COMES_WITH_IT: Final[Mapping[str, frozenset[str]]] = {
    "workflows": frozenset({"api-version", "sp", "sv", "sig"}),
    "gchat": frozenset({"key", "token"}),
}
"""Options that stand in a service's own web address."""

READ_EVERYWHERE: Final = frozenset({"user", "pass", "verify"})
"""Options that apprise reads in any URL, besides those that a plugin lists."""

OPTION_IS_TOKEN: Final = frozenset({"notica", "noticas"})
"""Services whose token stands behind the `?`."""
SIGNS: Final = re.compile(r"[\W_]+")
"""What is neither a letter nor a digit."""


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """A URL as its service's plugin reads it: the plugin's class, the URL's pieces, and what the plugin is made with.

    One that `is_native` is written as the service gives it out, so that its pieces stand in an order of its own.
    """

    service: Any
    pieces: Pieces
    fields: Mapping[str, Any]
    is_native: bool = False


def take_apart(url: str) -> Parsed:
    """Return a URL as its plugin reads it; apprise is loaded already. Raises Unusable."""
    scheme = schemas.scheme_of(url)
    service = services()[scheme]
    _must_be_installed(service, scheme)
    wrong = urls.cannot_be_meant(_as_text(url))
    if wrong:
        raise Unusable(f"this {scheme}:// URL cannot be used: {wrong}")
    text = _as_text(schemas.understood(url))
    fields = _fields(service, text)
    if not fields:
        raise Unusable(incomplete(service, scheme, ""))
    if scheme == "tgram":
        fields = {name: value for name, value in fields.items() if name != "format"}  # each message says what it is in
    pieces = urls.cut_up(text)
    wrong = _port_problem(service, pieces) or _strange(service, scheme, text, pieces, fields)
    if wrong:
        raise Unusable(f"this {scheme}:// URL cannot be used: {wrong}")
    return Parsed(
        service=service,
        pieces=replace(pieces, scheme=scheme),
        fields=fields,
        is_native=schemas.is_web_address(url),
    )


def _as_text(url: str) -> str:
    """Return a URL as apprise wants it: a room or channel may begin with #."""
    return url.strip().replace("/#", "/%23")


def _fields(service: Any, text: str) -> Mapping[str, Any] | None:
    """Return what a plugin makes of a URL, None if it makes nothing of it."""
    read = service.parse_native_url if schemas.is_web_address(text) else service.parse_url
    try:
        found: Mapping[str, Any] | None = read(text)
    except Exception:  # noqa: BLE001  a plugin may stumble over what it does not expect; its words hold the URL
        return None
    return found


def _must_be_installed(service: Any, scheme: str) -> None:
    if service.enabled:
        return
    needed = service.requirements.get("packages_required") or "something"
    named = needed if isinstance(needed, str) else ", ".join(needed)
    raise Unusable(f"{scheme}:// needs {named}, which is not installed here")


def _port_problem(service: Any, pieces: Pieces) -> str | None:
    return urls.port_problem(pieces.port) if "port" in service.template_tokens else None


# Options


Shape = tuple[Any, ...]

MOST_SHAPES: Final = 4_096
_VERDICTS: Final[dict[Shape, str | None]] = {}
"""What was found of a URL's options, for all whose options are the same and that have the same pieces besides."""


def _strange(service: Any, scheme: str, text: str, pieces: Pieces, fields: Mapping[str, Any]) -> str | None:
    if scheme in OPTION_IS_TOKEN or not pieces.options:
        return None
    shape = _shape_of(service, scheme, text, pieces)
    if shape not in _VERDICTS:
        if len(_VERDICTS) >= MOST_SHAPES:
            _VERDICTS.clear()
        _VERDICTS[shape] = _not_understood(service, scheme, text, pieces, fields)
    return _VERDICTS[shape]


def _shape_of(service: Any, scheme: str, text: str, pieces: Pieces) -> Shape:
    """Return all that the verdict on a URL's options depends on: not on what an address is, only whether it is there.

    The value of an option that is listed, and takes any, does not count: there may be a recipient in each.
    """
    args = service.template_args
    options = tuple(
        (name, None if name in args and not args[name].get("values") else value) for name, value in pieces.options
    )
    there = (bool(pieces.user), bool(pieces.password), bool(pieces.port), len(pieces.path))
    return (service, scheme, schemas.is_web_address(text), options, there)


def _not_understood(service: Any, scheme: str, text: str, pieces: Pieces, fields: Mapping[str, Any]) -> str | None:
    known = {*service.template_args, *READ_EVERYWHERE, *COMES_WITH_IT.get(scheme, ())}
    prefixes = [spec["prefix"] for spec in service.template_kwargs.values()]
    unlisted = {name for name, _ in pieces.options if name not in known}
    known |= {name for name in unlisted if name[:1] not in urls.PREFIXES and _has_effect(service, text, name, fields)}
    return strange(pieces.options, known, prefixes, schemas.THEIR_NAMES.get(scheme, {})) or next(
        _wrong_choices(service, text, pieces, fields), None
    )


def _has_effect(service: Any, text: str, name: str, fields: Mapping[str, Any]) -> bool:
    """Tell whether a plugin reads a URL otherwise without an option: then it understands it."""
    other = _fields(service, _without(text, name))
    return other is None or _comparable(other) != _comparable(fields)


def _without(text: str, name: str) -> str:
    head, _, query = text.partition("?")
    pairs = [pair for pair in query.split("&") if unquote(pair.partition("=")[0]).strip().lower() != name]
    return f"{head}?{'&'.join(pairs)}" if pairs else head


def _comparable(fields: Mapping[str, Any]) -> str:
    return repr(sorted((key, value) for key, value in fields.items() if not key.startswith(("qsd", "url"))))


def _wrong_choices(service: Any, text: str, pieces: Pieces, fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield each option of a few values that has another one, of which the plugin makes nothing."""
    for name, value in pieces.options:
        spec = service.template_args.get(name) or {}
        values = [str(each).lower() for each in spec.get("values") or ()]
        if not value or not values or any(each.startswith(value.lower()) for each in values):
            continue
        if _is_ignored(service, text, name, fields):
            near = difflib.get_close_matches(value.lower(), values, n=1)
            hint = f"did you mean {name}={near[0]}?" if near else f"it is one of {', '.join(sorted(values)[:12])}"
            yield f"the value of {name}= is not known: {hint}"


def _is_ignored(service: Any, text: str, name: str, fields: Mapping[str, Any]) -> bool:
    """Tell whether a plugin is the same without an option."""
    other = _fields(service, _without(text, name))
    if not other:
        return False
    try:
        made = [service(**each, asset=loaded(), tag=set()) for each in (fields, other)]
    except Exception:  # noqa: BLE001  whoever makes the plugin says what is wrong
        return False
    return state_of(made[0]) == state_of(made[1])


# What to write


def incomplete(service: Any, scheme: str, said: str) -> str:
    """Say that a URL lacks something, how it is written, and where its service is described.

    `said` are the plugin's words: not shown, but the part that they name is.
    """
    part = _part_named(service, said)
    why = f"{part} is missing, or is not as the service writes it" if part else "it is not complete"
    opening = f"this {scheme}:// URL cannot be used"
    return f"{opening}: {why}: write {shape(service, scheme)}, see {service.setup_url}"


def shape(service: Any, scheme: str) -> str:
    """Return how a URL of a service is written, its parts in capitals."""
    first = str(next(iter(service.templates), "{schema}://…"))
    return SHAPES.get(scheme) or re.sub(r"\{(\w+)\}", lambda found: found[1].upper(), first.replace("{schema}", scheme))


def _part_named(service: Any, said: str) -> str:
    """Return the part of a URL, as `shape` writes it, that a plugin's words are about."""
    words = plain(said)
    named = {
        key: plain(str(spec.get("name", "")))
        for key, spec in service.template_tokens.items()
        if len(plain(str(spec.get("name", "")))) > 3
    }
    found = [key for key, name in named.items() if name in words]
    return max(found, key=lambda key: len(named[key])).upper() if found else ""


def plain(text: str) -> str:
    """Return the letters and digits of a text, all small."""
    return SIGNS.sub("", text.casefold())
