"""The words: what a message says, in plain text, Markdown and HTML."""

from __future__ import annotations

from reminder.core.words import GAP, Line, Words

__all__ = ["GAP", "Line", "Words"]
