"""Announcements written for the tests, what a careful reader takes from each, and how far the reading agrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from reminder.announcements.reading.announcement import Announcement, read

FIELDS: Final = ("title", "premiere", "platform", "season", "episodes", "drop")
FOLDER: Final = Path(__file__).parent.parent / "data" / "announcements"


@dataclass(frozen=True, kw_only=True)
class Case:
    name: str
    text: str
    published: dt.date | None
    none: str | None
    expect: dict[str, str] = field(default_factory=dict)

    @cached_property
    def read(self) -> Announcement:
        return read(self.text, self.published)

    def got(self, name: str) -> str | None:
        value = self.read.written() if name == "premiere" else getattr(self.read, name)
        return None if value is None else str(value)

    def agrees(self, name: str) -> bool:
        got, want = self.got(name), self.expect.get(name)
        if name == "title" and got and want:
            return got.casefold() == want.casefold()
        return got == want


@dataclass(frozen=True, kw_only=True)
class ReadingCounts:
    said: int
    right: int
    wrong: int
    missed: int
    invented: int

    @property
    def precision(self) -> float:
        given = self.right + self.wrong + self.invented
        return self.right / given if given else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.said if self.said else 1.0


def load(path: Path) -> list[Case]:
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [_case(entry) for entry in entries]


def _case(entry: dict[str, Any]) -> Case:
    expect = {name: _text(value) for name, value in entry.get("expect", {}).items()}
    return Case(
        name=entry["name"],
        text=entry["text"],
        published=entry.get("published"),
        none=entry.get("none"),
        expect=expect,
    )


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def counters(cases: Sequence[Case], name: str) -> ReadingCounts:
    said = [case for case in cases if name in case.expect]
    unsaid = [case for case in cases if name not in case.expect]
    return ReadingCounts(
        said=len(said),
        right=sum(case.agrees(name) for case in said),
        wrong=sum(not case.agrees(name) and case.got(name) is not None for case in said),
        missed=sum(case.got(name) is None for case in said),
        # Where no date is to be had, what else is read matters little; a day that is made up matters most.
        invented=sum(case.got(name) is not None and (name == "premiere" or case.none is None) for case in unsaid),
    )


def wrong(cases: Sequence[Case]) -> Iterator[str]:
    for case in cases:
        for name in FIELDS:
            if not case.agrees(name) and (name in {"title", "premiere"} or case.none is None):
                yield f"{case.name}: {name}: {case.got(name)} instead of {case.expect.get(name)}"
