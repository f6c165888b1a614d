"""What goes out together: more than a person wants at once, and what their digest collects (SPEC 4)."""

from __future__ import annotations

import pytest

from reminder.core.model.digest import Digest, Every
from reminder.core.model.entities import Kind
from reminder.core.model.lead import Lead
from reminder.core.schedule.digest import bundles, is_collected
from tests.support.rules import person

Item = tuple[int, Kind, str | None]
DAILY = Digest(every=Every.DAILY)


def parts(items: list[Item], *, burst: int = 8, digest: Digest | None = None) -> list[list[int]]:
    found = bundles(items, person(burst=burst, digest=digest), subject)
    return [[number for number, _, _ in part] for part in found]


def subject(item: Item) -> tuple[Kind, Lead | None]:
    return item[1], Lead.parse(item[2]) if item[2] else None


def reminders(count: int, lead: str = "day") -> list[Item]:
    return [(number, Kind.REMINDER, lead) for number in range(count)]


@pytest.mark.parametrize(
    ("count", "burst", "messages"),
    [(0, 8, 0), (1, 8, 1), (8, 8, 8), (9, 8, 1), (200, 8, 1), (200, 0, 200), (2, 1, 1), (1, 1, 1)],
)
def test_more_than_burst_go_as_one(count: int, burst: int, messages: int) -> None:
    assert len(parts(reminders(count), burst=burst)) == messages


def test_everything_goes_out_once_and_in_its_order() -> None:
    assert parts(reminders(3)) == [[0], [1], [2]]
    assert parts(reminders(3), burst=2) == [[0, 1, 2]]


def test_two_equal_items_are_two_messages() -> None:
    same = (0, Kind.REMINDER, "1d")

    assert parts([same, same]) == [[0], [0]]
    assert parts([same, same], digest=DAILY) == [[0, 0]]


COLLECTED = [
    (Kind.REMINDER, "7d", True),
    (Kind.REMINDER, "day", True),
    (Kind.REMINDER, "+1d", True),
    (Kind.REMINDER, "release", False),
    (Kind.REMINDER, "12h", False),
    (Kind.REMINDER, "+2h", False),
    (Kind.WINDOW, None, True),
    (Kind.ANNOUNCED, None, True),
    (Kind.MOVED, None, True),
    (Kind.WITHDRAWN, None, True),
    (Kind.CANCELLED, None, True),
    (Kind.MISSED, None, False),
    (Kind.TROUBLE, None, False),
]


@pytest.mark.parametrize(("kind", "lead", "is_taken"), COLLECTED)
def test_what_a_digest_collects(kind: Kind, lead: str | None, *, is_taken: bool) -> None:
    parsed = Lead.parse(lead) if lead else None

    assert is_collected(kind, parsed, person(digest=DAILY)) is is_taken
    assert not is_collected(kind, parsed, person())


def test_a_digest_takes_what_it_collects_and_leaves_the_rest_alone() -> None:
    items: list[Item] = [
        (0, Kind.REMINDER, "1d"),
        (1, Kind.REMINDER, "release"),
        (2, Kind.MOVED, None),
        (3, Kind.MISSED, None),
    ]

    assert parts(items, digest=DAILY) == [[0, 2], [1], [3]]


def test_a_digest_counts_as_one_message_of_a_burst() -> None:
    assert parts(reminders(200), burst=1, digest=DAILY) == [list(range(200))]
    assert parts([*reminders(5), (5, Kind.MISSED, None)], burst=2, digest=DAILY) == [[0, 1, 2, 3, 4], [5]]


def test_many_at_once_are_put_together_in_no_time() -> None:
    assert len(parts(reminders(20_000, "12h"), burst=0, digest=DAILY)) == 20_000
