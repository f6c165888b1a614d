"""The one error for a channel's URL that cannot be used."""

from __future__ import annotations

from reminder.core.errors import ReminderError


class Unusable(ReminderError):
    """A channel's URL cannot be used; the text says why, without the URL.

    `is_address`: the fault is in what it names as a recipient. On a shared channel it is then that address's alone.
    """

    def __init__(self, problem: str, *, is_address: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.is_address = is_address
