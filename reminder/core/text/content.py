"""Holds the content of a message once, and writes its three forms: plain text, Markdown and HTML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from reminder.core.text.markup import escape_html, escape_markdown, markdown_link


@dataclass(frozen=True, kw_only=True)
class BodyLine:
    """One line of a body: a text, a web link, or both; `item` makes it an entry of a list. An empty one is a gap."""

    text: str = ""
    link: str | None = None
    item: bool = False

    @property
    def is_gap(self) -> bool:
        """Tell whether this line only parts two paragraphs."""
        return not self.text and self.link is None


GAP = BodyLine()


@dataclass(frozen=True, kw_only=True)
class Words:
    """A message before it meets a service. `subject` and every text are plain; `plain()` and its like give the body.

    `about` is the title as it is printed, `brief` the body in a few words and `order_at` the release's instant:
    what a digest needs of each of its messages. `link` is the web address that the message leads to.
    """

    subject: str
    body: tuple[BodyLine, ...] = ()
    link: str | None = None
    about: str = ""
    brief: str = ""
    order_at: datetime | None = None

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
        return replace(self, body=self.body[:1], link=None)


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
    if line.link is None:
        return escape_markdown(line.text)
    return markdown_link(line.text, line.link) if line.text else f"<{line.link}>"


def _html_block(lines: list[BodyLine]) -> str:
    if lines[0].item:
        return "<ul>\n" + "".join(f"<li>{_html_text(line)}</li>\n" for line in lines) + "</ul>"
    return "<p>" + "<br>\n".join(map(_html_text, lines)) + "</p>"


def _html_text(line: BodyLine) -> str:
    text = escape_html(line.text or line.link or "")
    return text if line.link is None else f'<a href="{escape_html(line.link)}">{text}</a>'
