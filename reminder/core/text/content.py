"""Holds the content of a message once, and writes its three forms: plain text, Markdown and HTML."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Final

from reminder.core.text.hints import NO_HINTS, DeliveryHints
from reminder.core.text.markup import escape_html, escape_markdown, markdown_link


class ActionKind(enum.StrEnum):
    """What a reader can do about a message. The values stand in the addresses of links."""

    LATER = "later"
    """Hear of it again this evening."""
    TOMORROW = "tomorrow"
    """Hear of it again tomorrow, at the sending hour."""
    RELEASE = "release"
    """Hear of it again the moment it is out, where a countdown cannot be put off for longer."""
    SEEN = "seen"
    MUTE = "mute"
    STOP = "stop"
    UNDO = "undo"
    """Take back what was done."""
    OPEN = "open"
    """Look at the page that has all of these."""


PUTS_OFF: Final = frozenset({ActionKind.LATER, ActionKind.TOMORROW, ActionKind.RELEASE})
"""The actions by which a message comes again."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing that a message offers, with its address: a GET of it shows what would be done, a POST does it.

    `label` is what stands on a button, `said` what stands before its address where there are no buttons (the label,
    where that is empty). `token` is the part of the address that nobody can make up, for services whose buttons carry a
    few bytes and no address.
    """

    kind: ActionKind
    label: str
    url: str
    said: str = ""
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class BodyLine:
    """One line of a body: a text, a web link, or both; `item` makes it an entry of a list. An empty one is a gap.

    With `actions`, forms that can hide an address behind a word show each of them in place of the text and its link.
    """

    text: str = ""
    link: str | None = None
    item: bool = False
    actions: tuple[Action, ...] = ()

    @property
    def is_gap(self) -> bool:
        """Tell whether this line only parts two paragraphs."""
        return not self.text and self.link is None


GAP = BodyLine()


@dataclass(frozen=True, kw_only=True)
class Words:
    """A message before it meets a service. `subject` and every text are plain; `plain()` and its like give the body.

    `about` is the title as it is printed, `brief` the body in a few words and `order_at` the release's instant:
    what a digest needs of each of its messages. `link` is the web address that the message leads to, `hints` say how
    it is kept on its way. `actions` are what its reader can do about it, and `unsubscribe` is the address by which mail
    to them ends; both are there only for a message that goes out, and only where people reach the page.
    """

    subject: str
    body: tuple[BodyLine, ...] = ()
    link: str | None = None
    about: str = ""
    brief: str = ""
    order_at: datetime | None = None
    actions: tuple[Action, ...] = ()
    unsubscribe: str | None = None
    hints: DeliveryHints = NO_HINTS

    def plain(self) -> str:
        """Return the body as plain text."""
        return "\n".join(map(_plain_line, self.body))

    def markdown(self) -> str:
        """Return the body as Markdown; each line ends where the reader's does, in CommonMark and in chat services."""
        return "\n\n".join(_markdown_block(block) for block in _blocks(self.body))

    def html(self) -> str:
        """Return the body as a small HTML fragment: paragraphs, line breaks, lists and links, nothing else."""
        return "\n".join(_html_block(block) for block in _blocks(self.body))

    def short(self) -> Words:
        """Return the same message with the first line of its body only, for a service that refused the whole."""
        return replace(self, body=self.body[:1], link=None, actions=())

    @property
    def page(self) -> str | None:
        """Return the address of the page on which everything can be done about the message, None where there is none.

        It is where a tap leads that no link of the release is for.
        """
        return self._way_in.url if self._way_in else None

    @property
    def way_in_said(self) -> str:
        """Return what stands before that address, or on it."""
        return (self._way_in.said or self._way_in.label) if self._way_in else ""

    @property
    def _way_in(self) -> Action | None:
        opens = (action for action in self.actions if action.kind is ActionKind.OPEN)
        return next(opens, next(iter(self.actions), None))

    def buttons(self, most: int) -> tuple[Action, ...]:
        """Return the actions for a service that shows so many: those that are wanted most, in their order.

        The page that has them all is the last of them where not all have room, unless there is room for two or fewer.
        """
        acts = [action for action in self.actions if action.kind is not ActionKind.OPEN]
        pages = [action for action in self.actions if action.kind is ActionKind.OPEN]
        if len(acts) <= most:
            return tuple([*acts, *pages][:most])
        room = most if most <= _FEW else most - len(pages)
        wanted = sorted(acts, key=lambda action: _WANTED.index(action.kind))[:room]
        return tuple([action for action in acts if action in wanted] + pages)[:most]

    def with_links(self) -> Words:
        """Return the same message with its actions as a line of its body, for a service that has no buttons."""
        way_in = self._way_in
        if way_in is None:
            return self
        acts = tuple(action for action in self.actions if action.kind is not ActionKind.OPEN)
        line = BodyLine(text=f"{self.way_in_said}:", link=way_in.url, actions=acts or (way_in,))
        return replace(self, body=(*self.body, *([GAP] if self.body else []), line))


_FEW: Final = 2
_WANTED: Final = (
    *(ActionKind.UNDO, ActionKind.TOMORROW, ActionKind.SEEN, ActionKind.LATER, ActionKind.RELEASE),
    *(ActionKind.MUTE, ActionKind.STOP, ActionKind.OPEN),
)
"""Which action comes first where not all have room."""

BETWEEN: Final = " · "
"""What stands between actions in a line of them."""


def _blocks(lines: Iterable[BodyLine]) -> Iterable[list[BodyLine]]:
    """Yield the runs of lines that stand together: a paragraph, or a list."""
    for (is_gap, _), run in groupby(lines, key=lambda line: (line.is_gap, line.item)):
        if not is_gap:
            yield list(run)


def _plain_line(line: BodyLine) -> str:
    if line.item:
        return f"- {line.text}" + (f"\n  {line.link}" if line.link else "")
    return " ".join(filter(None, (line.text, line.link)))


def _markdown_block(lines: list[BodyLine]) -> str:
    if lines[0].item:
        return "\n".join(f"- {_markdown_text(line)}" for line in lines)
    # Two spaces at a line's end are CommonMark's line break (6.7); services that keep line ends do not show them.
    return "  \n".join(map(_markdown_text, lines))


def _markdown_text(line: BodyLine) -> str:
    if line.actions:
        return BETWEEN.join(markdown_link(action.label, action.url) for action in line.actions)
    if line.link is None:
        return escape_markdown(line.text)
    return markdown_link(line.text, line.link) if line.text else f"<{line.link}>"


def _html_block(lines: list[BodyLine]) -> str:
    if lines[0].item:
        return "<ul>\n" + "".join(f"<li>{_html_text(line)}</li>\n" for line in lines) + "</ul>"
    return "<p>" + "<br>\n".join(map(_html_text, lines)) + "</p>"


def _html_text(line: BodyLine) -> str:
    if line.actions:
        return BETWEEN.join(_html_link(action.label, action.url) for action in line.actions)
    text = escape_html(line.text or line.link or "")
    return text if line.link is None else _html_link(line.text or line.link, line.link)


def _html_link(text: str, link: str) -> str:
    return f'<a href="{escape_html(link)}">{escape_html(text)}</a>'
