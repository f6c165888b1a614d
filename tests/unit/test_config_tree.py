"""YAML is read as it was written, with its places, and no text brings the reader down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.config.yaml.errors import YamlFault
from reminder.config.yaml.loader import NotYaml, read_tree
from reminder.config.yaml.nodes import Node, Scalar, find, find_key, repeated_keys, show, to_plain


def read(text: str) -> Node:
    root = read_tree(text)
    assert root is not None
    return root


@pytest.mark.parametrize(
    "written", ["1899", "No", "On", "007", "3%", "24", "20:00", "9:30", "2025-02-30", "0x10", "1e3", "yes", ".inf", "="]
)
def test_a_scalar_is_the_text_that_was_written(written: str) -> None:
    assert to_plain(read(f"at: {written}")) == {"at": written}


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL"])
def test_plain_null_and_nothing_mean_nothing(written: str) -> None:
    assert to_plain(read(f"note: {written}")) == {"note": None}
    assert to_plain(read(f'note: "{written}"')) == {"note": written}


def test_every_value_and_key_knows_its_line_and_column() -> None:
    root = read("watch:\n  - title: Ballard\n    for: {asha: {}}\n")
    found = find(root, ("watch", 0, "title"))
    assert (found.line, found.column) == (2, 12)
    key = find_key(root, ("watch", 0, "for", "asha"))
    assert (key.line, key.column) == (3, 11)


def test_a_path_that_goes_past_what_is_written_ends_at_the_last_value() -> None:
    root = read("watch:\n  - Ballard\n")
    assert find(root, ("watch", 0, "title")) == Scalar(2, 5, "Ballard", plain=True)
    assert find(root, ("watch", 7)) == find(root, ("watch",))
    assert find_key(root, ("watch", 7)) == find(root, ("watch",))


def test_paths_are_shown_as_people_write_them() -> None:
    assert show(("watch", 0, "for", "asha")) == "watch[0].for.asha"
    assert show(("channels", "")) == 'channels.""'


def test_both_copies_of_a_repeated_key_are_found_and_the_first_counts() -> None:
    root = read("a: 1\nb: [{c: 1, c: 2}]\na: 2\n")
    assert [(loc, first.line, again.line) for loc, first, again in repeated_keys(root)] == [
        (("a",), 1, 3),
        (("b", 0, "c"), 2, 2),
    ]
    assert to_plain(root) == {"a": "1", "b": [{"c": "1"}]}


def test_keys_keep_the_order_of_the_file() -> None:
    plain = to_plain(read("c: 1\na: 2\nb: 3\n"))
    assert isinstance(plain, dict)
    assert list(plain) == ["c", "a", "b"]


def test_an_alias_stands_for_what_it_names() -> None:
    assert to_plain(read("a: &ladder [7d, day]\nb: *ladder\n")) == {"a": ["7d", "day"], "b": ["7d", "day"]}


def test_aliases_cannot_nest_deeper_than_what_is_written() -> None:
    chain = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 40))
    with pytest.raises(NotYaml, match="too large or too deep"):
        read_tree(chain)


def test_deep_nesting_costs_an_error_and_not_the_process() -> None:
    with pytest.raises(NotYaml, match="nested more than 12 deep"):
        read_tree("[" * 90)
    with pytest.raises(NotYaml, match=r"nested (more than 12 deep|far deeper)"):  # the parser has a limit of its own
        read_tree("[" * 200_000)


def test_the_mark_of_windows_editors_and_their_line_ends_are_fine() -> None:
    root = read("\ufeffat: 09:00\r\nclock: 24h\r\n")
    assert to_plain(root) == {"at": "09:00", "clock": "24h"}
    assert find(root, ("clock",)).line == 2


def test_a_file_with_only_comments_holds_nothing() -> None:
    assert read_tree("# nothing\n\n# yet\n") is None


YAMLISH = st.text(alphabet=st.sampled_from("ab:- \n\t[]{}\"'#&*!|>%@`,?~$0\\\r\x00é\u2028😀"), max_size=60)


def outcome(text: str) -> Node | YamlFault | None:
    try:
        return read_tree(text)
    except NotYaml as error:
        return error.fault


@given(st.text(max_size=40) | YAMLISH)
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    found = outcome(text)
    if isinstance(found, YamlFault):
        assert found.line >= 1
        assert found.column >= 1
        assert found.text
