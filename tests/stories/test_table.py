"""Every story of the table, lived by the rules alone, as the daemon does, and by a timer: the same lines each time."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.stories.table import STORIES
from tests.support.story import Story, as_daemon, as_rules, as_timer

OF_ONE = [story for story in STORIES if story.is_of_one()]


@pytest.mark.parametrize("story", OF_ONE, ids=str)
def test_by_the_rules_alone(story: Story) -> None:
    assert as_rules(story) == list(story.arrives)


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_as_the_daemon_lives_it(story: Story) -> None:
    world = as_daemon(story)
    assert world.lines() == list(story.arrives)
    assert world.unexplained() == []


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_as_a_timer_lives_it(story: Story) -> None:
    assert as_timer(story).lines() == list(story.arrives)


def test_no_story_is_told_twice() -> None:
    names = Counter(story.name for story in STORIES)
    lived = Counter((story.begins, story.base, story.config, *story.edits.items(), story.down) for story in STORIES)
    assert [name for name, count in names.items() if count > 1] == []
    assert [key for key, count in lived.items() if count > 1] == []
