"""What many entries share is written once: merge keys, keys of one's own, groups of titles, titles with their day."""

from __future__ import annotations

import pytest

from reminder.config import parse_config
from reminder.config.values import Config
from reminder.core.dates.when import UNKNOWN
from reminder.core.errors import ConfigError


def config(text: str) -> Config:
    return parse_config(f"channels: {{screen: 'console://'}}\n{text}", "c.yaml", environ={})


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, "c.yaml", environ={})
    return [f"{each.line}:{each.column}: {each.path}: {each.text}" for each in caught.value.found]


def told(said: Config) -> list[tuple[str, str, str]]:
    """Return each title with its date and its premiere's leads."""
    return [
        (
            entry.title.name,
            entry.title.premiere.show(),
            " ".join(map(str, (entry.title.remind and entry.title.remind.premiere) or ())),
        )
        for entry in said.watch
    ]


# Merge keys


def test_a_merge_key_gives_what_the_entry_does_not_say_itself() -> None:
    said = config(
        "x-base: &base {remind: [1d], platform: Prime Video}\n"
        "x-late: &late {remind: [day], link: 'https://example.com'}\n"
        "watch:\n"
        "- {title: A, <<: *base}\n"
        "- {<<: *base, title: B, remind: [3d]}\n"
        "- title: C\n  <<: [*late, *base]\n"
        "- &first {title: D, <<: *late}\n"
        "- {<<: *first, title: E}\n"
    )
    assert [leads for _, _, leads in told(said)] == ["1d", "3d", "day", "day", "day"]
    assert [entry.title.platform for entry in said.watch] == ["Prime Video"] * 3 + [None] * 2


def test_merge_keys_are_read_everywhere() -> None:
    said = config(
        "x-usual: &usual {at: 20:00, remind: [1d]}\nsubscribers:\n  asha: {<<: *usual}\n  ravi: {<<: *usual, at: 07:00}\n"
    )
    assert [str(person.at) for person in said.subscribers] == ["20:00:00", "07:00:00"]


def test_an_error_in_what_is_merged_is_shown_where_it_is_written() -> None:
    assert problems("x-base: &base\n  remind: [soon]\nwatch:\n- {title: A, <<: *base}\n") == [
        '2:12: watch[0].remind[0]: "soon" is not a lead: write leads such as 7d, 2w, 12h, day, release, +1d',
    ] or problems("x-base: &base\n  remind: [soon]\nwatch:\n- {title: A, <<: *base}\n")[0].startswith("2:12: watch[0]")


@pytest.mark.parametrize("value", ["base", "[a, b]", "{}, <<: 3"])
def test_a_merge_key_without_a_mapping_says_what_it_takes(value: str) -> None:
    (found,) = problems(f"watch:\n- {{title: A, <<: {value}}}\n")
    assert "a merge key takes mappings that stand above, as in <<: *base" in found


def test_a_quoted_merge_sign_is_a_key_like_any_other() -> None:
    assert "unknown key" in problems("watch: [{title: A, '<<': {remind: [1d]}}]")[0]


def test_keys_of_ones_own_stand_only_at_the_top() -> None:
    assert config("x-anything: [1, {at: nonsense}]\nwatch: [A]").watch[0].title.name == "A"
    assert "watch[0].x-y: unknown key" in problems("watch: [{title: A, x-y: 1}]")[0]


# Groups


def test_a_group_gives_its_keys_to_each_of_its_titles() -> None:
    said = config(
        "subscribers: {anna: {}, ben: {}}\n"
        "watch:\n"
        "- remind: [1d]\n"
        "  for: [anna]\n"
        "  titles:\n"
        "  - A\n"
        "  - B: July 9, 2027\n"
        "  - {title: C, premiere: 2027-08-01, remind: [day], for: [ben]}\n"
        "- D\n"
    )
    assert told(said) == [
        ("A", UNKNOWN.show(), "1d"),
        ("B", "2027-07-09", "1d"),
        ("C", "2027-08-01", "day"),
        ("D", "TBA", ""),
    ]
    assert [list(entry.followers) for entry in said.watch] == [["anna"], ["anna"], ["ben"], ["anna", "ben"]]
    assert [entry.line for entry in said.watch] == [7, 8, 9, 10]


def test_what_is_wrong_in_a_group_is_told_once_at_its_place() -> None:
    found = problems(
        "watch:\n- remind: [soon]\n  for: [nobody]\n  titles:\n  - A\n  - {title: B, premiere: 8/1/2027}\n"
    )
    assert [line.partition(": ")[2].partition(": ")[0] for line in found] == [
        "watch[0].remind[0]",
        "watch[0].for[0]",
        "watch[0].titles[1].premiere",
    ]
    assert [line.partition(": ")[0] for line in found] == ["2:12", "3:9", "6:26"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "watch: [{titles: [A], title: B}]",
            "watch[0].title: title belongs to one title: write it in the list titles:",
        ),
        ("watch: [{titles: [A, B], id: x}]", "watch[0].id: id belongs to one title: write it in the list titles:"),
        ("watch: [{titles: A}]", "watch[0].titles: titles belong here: write [Ballard, Silo]"),
        ("watch: [{titles: []}]", "watch[0].titles: titles belong here"),
        ("watch: [{titles: [{titles: [A]}]}]", "watch[0].titles[0].titles: a group holds titles, not other groups"),
        ("watch: [{titels: [A]}]", "watch[0].titels: unknown key, did you mean titles?"),
        ("watch: [{titles: [A, A]}]", 'watch[0].titles[1]: "A" is already listed on line 1'),
    ],
)
def test_a_group_that_cannot_be_read_says_what_to_write(text: str, says: str) -> None:
    assert says in problems(text)[0]


# A title with its day


@pytest.mark.parametrize(
    ("entry", "title", "when"),
    [
        ("Ballard: July 9, 2027", "Ballard", "2027-07-09"),
        ("Ballard: 2027-07-09", "Ballard", "2027-07-09"),
        ("Ballard: 9. Juli 2027", "Ballard", "2027-07-09"),
        ("1899: 2027-07-09", "1899", "2027-07-09"),
        ('"Dune: Part Three": December 18, 2026', "Dune: Part Three", "2026-12-18"),
        ("Ballard: 2027-07-09 20:00 Europe/Berlin", "Ballard", "2027-07-09 20:00 Europe/Berlin"),
    ],
)
def test_a_title_may_stand_before_its_day(entry: str, title: str, when: str) -> None:
    found = config(f"watch:\n- {entry}\n").watch[0].title
    assert (found.name, found.premiere.show()) == (title, when)


@pytest.mark.parametrize("entry", ["Blade Runner: 2049", "Space: 1999", "Class of: September 2027", "Show: TBA"])
def test_where_two_readings_are_possible_both_are_offered_and_each_is_true_when_copied(entry: str) -> None:
    (found,) = problems(f"watch:\n- {entry}\n")
    as_title = found.partition("write ")[2].partition(";")[0]
    as_date = found.rpartition("write ")[2]
    name, _, rest = entry.partition(": ")
    assert config(f"watch:\n- {as_title}\n").watch[0].title.name == entry
    copied = config(f"watch:\n- {as_date}\n").watch[0].title
    assert (copied.name, copied.premiere.show()) == (
        name,
        config(f"watch: [{{title: x, premiere: {rest}}}]").watch[0].title.premiere.show(),
    )


@pytest.mark.parametrize("entry", ["Mission: Impossible", "Alien: Earth", "Star Wars: Visions"])
def test_what_follows_a_colon_and_is_no_date_is_a_title_in_quotes(entry: str) -> None:
    (found,) = problems(f"watch:\n- {entry}\n")
    assert found.endswith(f'needs quotes: write "{entry}"')


def test_an_ambiguous_day_behind_a_title_offers_its_readings() -> None:
    (found,) = problems("watch:\n- Ballard: 8/1/2027\n")
    assert "2027-01-08 (January 8) or 2027-08-01 (August 1)" in found
    assert 'write "Ballard: 8/1/2027"' in found


def test_a_time_without_a_zone_behind_a_title_is_told_as_in_premiere() -> None:
    (found,) = problems("timezone: Europe/Berlin\nwatch:\n- Ballard: July 9, 2027 8pm\n")
    assert "write 2027-07-09 20:00 Europe/Berlin if that is by your own clock" in found
