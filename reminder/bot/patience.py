"""How long a bot that cannot be read is left alone, and when that is worth saying."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reminder.notify.bot_api import BotProblem

FIRST: Final = 2.0
MOST: Final = 300.0
"""Seconds until a bot that cannot be read is tried again; the wait doubles each time, up to so many."""
MOST_FOR_TOKEN: Final = 600.0
FIRST_FOR_TOKEN: Final = 60.0
TOLD_AFTER: Final = {BotProblem.CONFLICT: 2, BotProblem.UNREACHED: 3, BotProblem.SLOW_DOWN: 3}
"""So many failures in a row are told. One conflict is no program that reads the bot, but somebody who looked once."""


@dataclass
class BotPatience:
    """What failed in a row, and what of it was told."""

    _problem: BotProblem | None = None
    _times: int = 0
    _told: BotProblem | None = None
    _database: int = 0

    def failed(self, problem: BotProblem, retry_after: float | None) -> tuple[float, bool]:
        """Count a failure; return how many seconds to wait, and whether it is to be told now.

        `retry_after` are the seconds for which the service asks.
        """
        self._times = self._times + 1 if problem is self._problem else 1
        self._problem = problem
        is_news = self._times >= TOLD_AFTER.get(problem, 1) and self._told is not problem
        if is_news:
            self._told = problem
        first, most = (FIRST_FOR_TOKEN, MOST_FOR_TOKEN) if problem is BotProblem.TOKEN else (FIRST, MOST)
        wait = min(most, first * 2.0 ** min(self._times - 1, 10))
        return max(wait, min(retry_after or 0.0, MOST)), is_news

    def mended(self) -> bool:
        """Take note of a success; tell whether a trouble that was told is over."""
        was_told = self._told is not None
        self._problem, self._times, self._told, self._database = None, 0, None, 0
        return was_told

    def without_database(self) -> float:
        """Count a time at which the database could not be used; return how many seconds to wait."""
        self._database += 1
        return min(30.0, 2.0 ** min(self._database, 5))
