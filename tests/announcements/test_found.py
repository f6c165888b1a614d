"""Short texts of a kind that was once read wrong: as plain text, with the marks of italics, and as a web page."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from reminder.announcements.reading.announcement import Announcement, read
from tests.support.announcements import FOLDER
from tests.support.fresh import FORMS, Fresh

ROWS: list[dict[str, Any]] = [json.loads(line) for line in (FOLDER / "found.jsonl").read_text("utf-8").splitlines()]

# What is not reached: the field is left empty, or is that of the headline. A page offers no better reason.
UNREACHED = {
    ("Right now theaters are very blue", "premiere"),  # `by next summer that will change, when ...`
    ("The actor plays the poet in a drama", "title"),  # the film has the name of the novel that it is based on
    ("Fast to Seoul Director Takes on", "title"),
    ("A stage play called Odd Things", "season"),
}


def _got(found: Announcement, field: str) -> object:
    return found.written() if field == "premiere" else getattr(found, field)


def _wrong(row: dict[str, Any], found: Announcement) -> dict[str, object]:
    """Return what is read otherwise than expected, but for what is known not to be reached."""
    wanted = {field: value for field, value in row["expect"].items() if field != "drop_not"}
    wrong = {field: got for field, value in wanted.items() if _folded(got := _got(found, field)) != _folded(value)}
    if found.drop is not None and found.drop == row["expect"].get("drop_not"):
        wrong["drop"] = found.drop
    return {field: got for field, got in wrong.items() if not _is_unreached(row["text"], field)}


def _is_unreached(text: str, field: str) -> bool:
    return any(text.startswith(start) and field == unreached for start, unreached in UNREACHED)


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:40])
def test_what_was_once_read_wrong_is_read_right_as_text_and_as_a_page(row: dict[str, Any]) -> None:
    published = date.fromisoformat(row["published"])
    case = Fresh(name="", marked=row["text"], published=published)
    assert _wrong(row, read(row["text"], published)) == {}
    assert {form: _wrong(row, case.answer(form)) for form in FORMS} == {form: {} for form in FORMS}
