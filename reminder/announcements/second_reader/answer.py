"""Takes an answer of the second reader apart: models put words, code fences and their thoughts around the JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reminder.announcements.reading.believing import FIELDS, Statement

MOST_TRIED: Final = 200
"""Braces at which an object is looked for, from the last one back: thoughts come before the answer."""
MOST_SAID: Final = 100_000
"""Characters of an answer that are looked at; the answer proper needs about two thousand."""


@dataclass(frozen=True, kw_only=True)
class Silent:
    """Why nothing was heard of the second reader, in one sentence without a secret."""

    reason: str


class NotRead(ValueError):
    """An answer that holds no statements; the text says what it holds instead."""


def statements_in(body: bytes) -> dict[str, Statement]:
    """Given the body of an answer to a chat completion, return what it says, by field. Raises NotRead."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise NotRead("answered with what is no JSON") from None
    for whole in _objects(_content(answer)[-MOST_SAID:]):
        # some put it one level down: {"announcement": {...}}
        for found in (whole, *(inside for inside in whole.values() if isinstance(inside, dict))):
            if not any(name in found for name in FIELDS):
                continue
            return {name: said for name in FIELDS if (said := _statement(found.get(name))) is not None}
    raise NotRead("gave no answer in the form that was asked for")


def _content(answer: object) -> str:
    """Return what the model said. Raises NotRead."""
    choices = answer.get("choices") if isinstance(answer, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    if not isinstance(content, str):
        raise NotRead("did not answer as a chat completion does: the url ends in /v1 with most servers")
    return content


def _objects(content: str) -> Iterator[Mapping[str, Any]]:
    """Yield the JSON objects in a text, those that hold others first; of several side by side the last first."""
    decoder = json.JSONDecoder()
    found: list[tuple[int, int, Mapping[str, Any]]] = []
    start = len(content)
    for _ in range(MOST_TRIED):
        start = content.rfind("{", 0, start)
        if start < 0:
            break
        try:
            value, end = decoder.raw_decode(content, start)
        except (ValueError, RecursionError):
            continue
        found = [each for each in found if each[0] > end]
        found.append((start, end, value))
    for _, _, value in sorted(found, key=lambda each: -each[0]):
        yield value


def _statement(said: object) -> Statement | None:
    """Return what is said of a field, None where it says nothing that could be looked for in the text."""
    if not isinstance(said, dict):
        return None
    value, sentence = said.get("value"), said.get("sentence")
    if isinstance(value, bool) or not isinstance(value, str | int) or not isinstance(sentence, str):
        return None
    return Statement(value=str(value), sentence=sentence) if str(value).strip() else None
