"""What code, tests and documents cite can be looked up: the sections of the contract, the rows of the catalogue."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

import pytest

from tests.support.docs import ROOT

CONTRACT: Final = ROOT / "docs" / "SPEC.md"
CATALOGUE: Final = ROOT / "docs" / "faults.md"
NUMBERS: Final = r"(\d+(?:-\d+)?(?:(?:, | and |, and )\d+(?:-\d+)?)*)"
CITED: Final = {
    "SPEC": re.compile(r"\bSPEC,?(?: sections?)? " + NUMBERS),
    "catalogue": re.compile(r"[(;] ?catalogue " + NUMBERS),
}
ELSEWHERE: Final = re.compile(r"\bDESIGN\b|\bresearch/|\bissue \d|\bface\.md|\bhousehold \d|\bfirst contact \d")


@cache
def sources() -> tuple[tuple[Path, str], ...]:
    """Return every Python file and document of the project, with its text; this file is left out."""
    listed = subprocess.run(["git", "ls-files", "*.py", "*.md", "*.toml"], cwd=ROOT, capture_output=True, check=True)
    paths = [ROOT / name for name in listed.stdout.decode().splitlines()]
    return tuple((path, path.read_text()) for path in paths if path.exists() and path != Path(__file__))


def numbers(text: str) -> Iterator[int]:
    """Yield each number of a citation such as `1-3, 7 and 9`."""
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", text):
        yield from range(int(first), int(last or first) + 1)


def cited(what: str) -> Iterator[tuple[str, int]]:
    """Yield the file and the number of every citation of the contract or the catalogue."""
    for path, text in sources():
        found = CITED[what].findall(" ".join(text.split()))
        yield from ((path.relative_to(ROOT).as_posix(), number) for number in chain(*map(numbers, found)))


def headed(page: Path, pattern: str) -> list[int]:
    """Return the numbers by which a page is cited, in their order."""
    return [int(number) for number in re.findall(pattern, page.read_text(), re.MULTILINE)]


PAGES: Final = {"SPEC": (CONTRACT, r"^## (\d+)\. "), "catalogue": (CATALOGUE, r"^\| (\d+) \| ")}


@pytest.mark.parametrize("what", PAGES)
def test_every_citation_leads_to_a_section_or_a_row(what: str) -> None:
    places = headed(*PAGES[what])
    assert places == list(range(1, len(places) + 1))
    found = list(cited(what))
    assert len(found) > 20
    assert [(path, number) for path, number in found if number not in places] == []


def test_nothing_is_cited_that_is_not_in_the_project() -> None:
    found = [(path.relative_to(ROOT).as_posix(), ELSEWHERE.findall(text)) for path, text in sources()]
    assert [(path, words) for path, words in found if words] == []


def test_every_row_of_the_catalogue_names_a_file_of_tests() -> None:
    rows = [line for line in CATALOGUE.read_text().splitlines() if re.match(r"\| \d", line)]
    named = [re.search(r"\| `(tests/\w+/test_\w+\.py)` \|$", row) for row in rows]
    assert [row for row, name in zip(rows, named, strict=True) if not name or not (ROOT / name[1]).exists()] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("1-3, 7 and 9", [1, 2, 3, 7, 9]), ("4", [4]), ("70, 71, and 73", [70, 71, 73])],
)
def test_numbers_of_a_citation_are_read(text: str, found: list[int]) -> None:
    assert list(numbers(text)) == found


def public_classes() -> Iterator[str]:
    """Yield the name of every public class of the program, as often as it is given."""
    for path in (ROOT / "reminder").rglob("*.py"):
        found = ast.parse(path.read_text()).body
        yield from (each.name for each in found if isinstance(each, ast.ClassDef) and not each.name.startswith("_"))


def test_no_two_classes_have_one_name() -> None:
    given = Counter(public_classes())
    assert len(given) > 300
    assert [name for name, times in given.items() if times > 1] == []
