"""What can be done about a message, in the forms of its words: which buttons where not all have room, and the line."""

from __future__ import annotations

import pytest

from reminder.core.text.content import Action, ActionKind, BodyLine, Words

PAGE = "https://reminder.example.org/m/token"


def words(*kinds: str, body: tuple[BodyLine, ...] = (BodyLine(text="Wednesday"),)) -> Words:
    made = [Action(kind=ActionKind(kind), label=kind.title(), url=f"{PAGE}/{kind}") for kind in kinds]
    return Words(subject="Ballard", body=body, actions=tuple(made))


AHEAD = ("later", "tomorrow", "mute", "stop", "open")
OUT = ("later", "tomorrow", "seen", "mute", "stop", "open")


@pytest.mark.parametrize(
    ("kinds", "most", "shown"),
    [
        (AHEAD, 2, ["later", "tomorrow"]),
        (AHEAD, 3, ["later", "tomorrow", "open"]),
        (OUT, 2, ["tomorrow", "seen"]),
        (OUT, 3, ["tomorrow", "seen", "open"]),
        (OUT, 4, ["later", "tomorrow", "seen", "open"]),
        (OUT, 5, ["later", "tomorrow", "seen", "mute", "stop"]),
        (OUT, 6, list(OUT)),
        (("release", "mute", "stop", "open"), 3, ["release", "mute", "stop"]),
        (("stop", "open"), 3, ["stop", "open"]),
        (("undo",), 2, ["undo"]),
        ((), 3, []),
    ],
)
def test_where_not_all_have_room_what_is_wanted_most_stands(
    kinds: tuple[str, ...], most: int, shown: list[str]
) -> None:
    assert [action.kind for action in words(*kinds).buttons(most)] == shown


def test_the_line_is_one_address_in_plain_text_and_words_elsewhere() -> None:
    linked = words("tomorrow", "open").with_links()
    assert linked.plain() == f"Wednesday\n\nOpen: {PAGE}/open"
    assert linked.markdown() == f"Wednesday\n\n[Tomorrow]({PAGE}/tomorrow)"
    assert linked.html() == f'<p>Wednesday</p>\n<p><a href="{PAGE}/tomorrow">Tomorrow</a></p>'


def test_an_empty_body_gets_no_gap_before_the_line_and_no_actions_no_line() -> None:
    assert words("undo", body=()).with_links().plain() == f"Undo: {PAGE}/undo"
    assert words().with_links() == words()


def test_the_short_form_of_a_refused_message_has_no_links_but_says_still_how_mail_ends() -> None:
    short = Words(subject="Ballard", actions=words(*AHEAD).actions, unsubscribe=PAGE).short()
    assert (short.actions, short.with_links(), short.unsubscribe) == ((), short, PAGE)
