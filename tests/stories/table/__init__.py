"""One table of stories: a config, what becomes of it and when, and each line that arrives.

`test_table.py` lives every one of them three times: by the rules alone, as the daemon does, and by a timer.
"""

from __future__ import annotations

from typing import Final

from tests.stories.table import hours, moved_dates, one_title, people
from tests.support.story import Story

STORIES: Final[tuple[Story, ...]] = (*moved_dates.STORIES, *one_title.STORIES, *people.STORIES, *hours.STORIES)
