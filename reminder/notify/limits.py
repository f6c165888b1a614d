"""One table of what each service takes: how long, in which form, and whether an `@` in it can ping people.

What is not listed has apprise's own limits, the form that apprise says the service reads, and is defused.
Source of the numbers: the services' own API pages, by name in each row.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final


class TextForm(enum.StrEnum):
    """The three forms of a message; the values are apprise's words for them."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


class Unit(enum.StrEnum):
    """The unit in which a service counts."""

    CHARACTERS = "characters"
    """UTF-16 units, which no service counts more finely than."""
    BYTES = "bytes"
    """Bytes of UTF-8."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """The limits of one service.

    `write` is the form we write in, `declare` the one apprise is told (they differ where a service reads Markdown and
    apprise does not know it). `title` of 0 means that the subject goes into the body, whose limit is `body`.
    None: what apprise says. `defuse`: mentions in a text are broken so that they ping nobody. `only_html`: the service
    knows no plain text, so that one is escaped; and Markdown goes as HTML too, unless the URL asks for a version of it.
    """

    write: TextForm | None = None
    declare: TextForm | None = None
    body: int | None = None
    title: int | None = None
    unit: Unit = Unit.CHARACTERS
    defuse: bool = True
    only_html: bool = False


_TEXT, _MARKDOWN, _HTML = TextForm.TEXT, TextForm.MARKDOWN, TextForm.HTML

# A text for machines, or one that only its reader sees: nothing in it can ping.
_PLAIN: Final = Service(write=_TEXT, declare=_TEXT, defuse=False)
_CHAT: Final = Service(write=_MARKDOWN, declare=_TEXT, body=2000, title=0)

SERVICES: Final[dict[str, Service]] = {
    "tgram": Service(
        write=_HTML, declare=_HTML, body=4096, title=0, only_html=True
    ),  # sendMessage: 1-4096 after entities parsing
    "discord": Service(write=_MARKDOWN, declare=_MARKDOWN, body=2000, title=0),  # Execute Webhook: content
    "guilded": _CHAT,
    "fluxer": _CHAT,
    "fluxers": _CHAT,
    "revolt": _CHAT,
    "slack": Service(write=_TEXT, declare=_TEXT, body=35000, title=250),  # chat.postMessage: cut at 40,000
    "mmost": Service(write=_MARKDOWN, declare=_TEXT, body=4000, title=0),  # Incoming webhooks: 4000 in old servers
    "mmosts": Service(write=_MARKDOWN, declare=_TEXT, body=4000, title=0),
    "rocket": Service(write=_MARKDOWN, declare=_MARKDOWN, body=1000, title=0),  # Message_MaxAllowedSize
    "rockets": Service(write=_MARKDOWN, declare=_MARKDOWN, body=1000, title=0),
    "zulip": Service(write=_MARKDOWN, declare=_TEXT, body=10000, title=60),  # Send a message: max_topic_length
    "gchat": Service(write=_MARKDOWN, declare=_MARKDOWN, body=4000, title=0),
    "matrix": Service(write=_TEXT, declare=_TEXT, title=0),  # the plugin writes a heading's `# ` into plain text
    "matrixs": Service(write=_TEXT, declare=_TEXT, title=0),
    "ntfy": Service(write=_TEXT, declare=_TEXT, body=4096, title=200, unit=Unit.BYTES, defuse=False),  # message-size
    "ntfys": Service(write=_TEXT, declare=_TEXT, body=4096, title=200, unit=Unit.BYTES, defuse=False),
    "pover": Service(write=_TEXT, declare=_TEXT, body=1024, title=250, defuse=False),  # Pushover API: limits
    # A phone shows some lines; the rest is on the page that a tap opens.
    "webpush": Service(write=_TEXT, declare=_TEXT, body=1200, title=200, unit=Unit.BYTES, defuse=False),
    "gotify": _PLAIN,
    "gotifys": _PLAIN,
    "pbul": _PLAIN,
    "json": _PLAIN,
    "jsons": _PLAIN,
    "form": _PLAIN,
    "forms": _PLAIN,
    "xml": _PLAIN,
    "xmls": _PLAIN,
    "mailto": Service(write=_HTML, declare=_HTML, body=200_000, title=250, defuse=False),
    "mailtos": Service(write=_HTML, declare=_HTML, body=200_000, title=250, defuse=False),
}

PLAIN_LIMIT: Final = 300
"""How long the second, plain try of a refused message may be."""

_OTHER: Final = Service()


def service(scheme: str) -> Service:
    """Return what the service of a URL's scheme takes."""
    return SERVICES.get(scheme, _OTHER)
