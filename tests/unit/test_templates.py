"""A person's own words: what a template may do, what it may not, and what is sent when it fails."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminder.core.dates.when import UNKNOWN, When
from reminder.core.model.entities import Kind, Release, Title
from reminder.core.model.lead import Lead
from reminder.core.text.markup import clean
from reminder.core.text.message import BodyLine, ReaderSettings, Topic, Words, compose
from reminder.texts.templates.engine import VARIABLES, Applied, Templates, Value, check_template
from reminder.texts.templates.variables import variables

AUCKLAND = ReaderSettings(zone=ZoneInfo("Pacific/Auckland"))
NOW = datetime(2025, 7, 1, 21, tzinfo=UTC)  # nine in the morning of July 2 in Auckland
TITLE = Title(
    key="b", name="Ballard", season=2, platform="Prime Video", note="Watch *Bosch*.", link="https://example.com/b"
)
RELEASE = Release(season=2, first=1, last=10, total=10, when=When.day(date(2025, 7, 9)))
TOPIC = Topic(kind=Kind.REMINDER, title=TITLE, release=RELEASE, lead=Lead.parse("7d"))


def applied(subject: str | None, body: str | None, topic: Topic = TOPIC) -> Applied:
    words = compose(topic, AUCKLAND, NOW)
    return Templates({Kind.REMINDER: (subject, body)}).apply(Kind.REMINDER, words, variables(topic, AUCKLAND, NOW))


def test_every_variable_is_documented_with_an_example_and_filled() -> None:
    filled = variables(TOPIC, AUCKLAND, NOW, subscriber="asha")
    assert list(filled) == list(VARIABLES)
    assert filled == {
        "subject": "Ballard season 2 premieres in 7 days",
        "body": ("Wednesday, July 9, 2025: all 10 episodes on Prime Video\nWatch *Bosch*.\nhttps://example.com/b"),
        "kind": "reminder",
        "title": "Ballard",
        "season": 2,
        "release": "premiere",
        "name": "Ballard season 2",
        "when": "Wednesday, July 9, 2025",
        "day": "2025-07-09",
        "time": None,
        "days": 7,
        "episodes": "all 10 episodes",
        "platform": "Prime Video",
        "place": "on Prime Video",
        "note": "Watch *Bosch*.",
        "link": "https://example.com/b",
        "lead": "7d",
        "subscriber": "asha",
        "language": "en",
    }


def test_what_is_not_known_is_empty() -> None:
    topic = Topic(kind=Kind.WITHDRAWN, title=Title(key="x", name="X"), release=Release(when=UNKNOWN))
    filled = variables(topic, AUCKLAND, NOW)
    assert {name for name, value in filled.items() if value is not None} == {
        "subject", "body", "kind", "title", "release", "name", "language",
    }  # fmt: skip


def test_an_instant_gives_its_time_in_the_readers_zone() -> None:
    release = Release(when=When.exact(datetime(2025, 7, 9, 7, tzinfo=UTC)))
    filled = variables(Topic(kind=Kind.REMINDER, title=TITLE, release=release), AUCKLAND, NOW)
    assert (filled["time"], filled["when"]) == ("7:00 PM", "Wednesday, July 9, 2025, at 7:00 PM NZST")


def test_a_template_replaces_subject_and_body_in_all_three_forms() -> None:
    body = "{{ when }}{% if place %} {{ place }}{% endif %}\n{{ note }}\n\n{{ link }}\n<i>{{ season }}</i>"
    words = applied("{{ title|upper }} in {{ days }} *days*", body).words
    assert words.subject == "BALLARD in 7 *days*"
    assert words.plain() == (
        "Wednesday, July 9, 2025 on Prime Video\nWatch *Bosch*.\n\nhttps://example.com/b\n<i>2</i>"
    )
    assert words.markdown() == (
        "Wednesday, July 9, 2025 on Prime Video  \nWatch \\*Bosch\\*.\n\n<https://example.com/b>  \n\\<i\\>2\\</i\\>"
    )
    assert words.html() == (
        "<p>Wednesday, July 9, 2025 on Prime Video<br>\nWatch *Bosch*.</p>\n"
        '<p><a href="https://example.com/b">https://example.com/b</a><br>\n&lt;i&gt;2&lt;/i&gt;</p>'
    )


def test_a_part_without_a_template_stays_as_it_is() -> None:
    built_in = compose(TOPIC, AUCKLAND, NOW)
    assert applied("Soon: {{ title }}", None).words.body == built_in.body
    assert applied(None, "Soon.").words.subject == built_in.subject


def test_a_kind_without_a_template_stays_as_it_is() -> None:
    words = Words(subject="s", body=(BodyLine(text="b"),))
    assert Templates({Kind.MOVED: ("x", "y")}).apply(Kind.REMINDER, words) == Applied(words=words)
    assert Templates().apply(Kind.REMINDER, words) == Applied(words=words)


def test_a_digest_has_the_variables_of_its_own_words() -> None:
    words = Words(subject="2 reminders: A and B", body=(BodyLine(text="A is out", item=True),))
    templates = Templates({Kind.DIGEST: ("{{ kind }}: {{ subject }}", "{{ body }}{{ title }}{{ link }}")})
    found = templates.apply(Kind.DIGEST, words, {"subscriber": "asha"})
    assert found.problem is None
    assert (found.words.subject, found.words.plain()) == ("digest: 2 reminders: A and B", "- A is out")


def test_the_values_are_text_and_never_templates() -> None:
    title = Title(key="x", name="{{ 7 * 7 }}{% for %}")
    topic = Topic(kind=Kind.REMINDER, title=title, release=RELEASE)
    assert applied("{{ title }}", None, topic).words.subject == "{{ 7 * 7 }}{% for %}"


@pytest.mark.parametrize(
    ("subject", "body", "problem"),
    [
        ("{{ titel }}", None, 'templates.reminder: subject: line 1: "titel" is not a variable: write "title"'),
        (None, "{{ title", "templates.reminder: body: line 1: unexpected end of template"),
        ("{{ days + title }}", "fine", "templates.reminder: subject: unsupported operand type"),
        ("{{ time }} ", None, "templates.reminder: subject: it came out empty"),
        # An AssertionError of Jinja's own, an IndexError, and one that nests further than Python does.
        ("{{ title|truncate(days - days) }}", None, "templates.reminder: subject: expected length >= 3, got 0"),
        ("{{ (title|list)[99] ~ [][7] }}", None, "templates.reminder: subject: "),
        (None, "{{ [title]|first|center(days * 10 ** 30) }}", "templates.reminder: body: "),
        (None, "\n \x00\n", "templates.reminder: body: it came out empty"),
        ("fine", "{{ body|replace('', body) }}" * 9, "templates.reminder: body: it makes more than 20000 characters"),
        (None, "{{ 1 is divisibleby 0 }}", 'templates.reminder: body: line 1: "divisibleby" is not a test'),
    ],
)
def test_a_template_that_fails_leaves_the_built_in_words_and_says_why(
    subject: str | None, body: str | None, problem: str
) -> None:
    found = applied(subject, body)
    assert found.words == compose(TOPIC, AUCKLAND, NOW)
    assert found.problem is not None
    assert found.problem.startswith(problem)
    assert found.problem.endswith("; sent in the built-in words")


@pytest.mark.parametrize(
    "source",
    [
        "",
        "Just text.",
        "{{ title }} {{ name|upper }} {{ note|default('none', true) }}",
        "{% if days == 0 %}today{% elif days and days > 1 %}{{ days }}{% else %}soon{% endif %}",
        "{{ 'at ' ~ time if time else '' }}{# a comment #}",
        "{{ title|truncate(20) }}{{ days - 1 }}{{ title|replace('a', 'b') }}{{ title|length }}",
        "{% if link is not none and 'x' in title %}{{ link|trim }}{% endif %}",
        "{% raw %}{{ as it stands }}{% endraw %}",
    ],
)
def test_a_template_of_values_filters_and_conditions_is_good(source: str) -> None:
    assert check_template(source) is None


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("one\n{{ platfrom }}", 'line 2: "platfrom" is not a variable: write "platform"'),
        ("{{ title|uper }}", 'line 1: "uper" is not a filter: write "upper"'),
        ("{{ title is nome }}", 'line 1: "nome" is not a test: write "none"'),
        ("{% if %}", "line 1: Expected an expression, got 'end of statement block'"),
        ("{{ title", "line 1: unexpected end of template, expected 'end of print statement'."),
        (
            "{% for c in title %}{{ c }}{% endfor %}",
            "line 1: there are no loops: every variable is one text or one number",
        ),
        ("{% set a = title %}", "line 1: there is no {% set %}: write the value where it is used"),
        (
            "{{ title.__class__ }}",
            "line 1: a variable has no parts and no methods: use a filter, as in {{ title|upper }}",
        ),
        (
            "{{ title['__class__'] }}",
            "line 1: a variable has no parts and no methods: use a filter, as in {{ title|upper }}",
        ),
        ("{{ range(9) }}", "line 1: nothing can be called: use a filter, as in {{ title|upper }}"),
        ("{{ 'x' * 9 }}", 'line 1: "*" cannot be used here: a template has values, filters and {% if %}'),
        ("{{ 9 ** 9 }}", 'line 1: "**" cannot be used here: a template has values, filters and {% if %}'),
        ("{{ '%9d' % 1 }}", 'line 1: "%" cannot be used here: a template has values, filters and {% if %}'),
        ("{% include 'x' %}", 'line 1: "include" cannot be used here: a template has values, filters and {% if %}'),
        ("{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}", "the template is nested too deeply: write it flatter"),
        ("{% if title %}" * 150 + "{% endif %}" * 150, "the template is nested too deeply: write it flatter"),
        ("x" * 5001, "the template is too long: 5001 characters, and 5000 is the most"),
        (
            "{{ title" + "|replace('a', 'aaaaaaaaaa')" * 9 + " }}",
            "it makes more than 20000 characters",
        ),
    ],
)
def test_a_wrong_template_is_named_with_its_line_and_what_to_write(source: str, problem: str) -> None:
    assert check_template(source) == problem


def test_an_unknown_variable_with_no_near_name_is_answered_with_the_list() -> None:
    assert check_template("{{ qqq }}") == f'line 1: "qqq" is not a variable: there are {", ".join(sorted(VARIABLES))}'


@given(st.text(max_size=30))
def test_any_value_goes_through_a_template_as_the_text_it_is(value: str) -> None:
    words = Words(subject="s", body=(BodyLine(text="b"),))
    values: dict[str, Value] = {"title": value}
    found = Templates({Kind.REMINDER: ("x{{ title }}x", "x{{ title }}x")}).apply(Kind.REMINDER, words, values)
    assert found.problem is None
    assert found.words.subject == clean(f"x{value}x")


@given(st.text(alphabet="{}%#|()[].'\"~+-*= \nabtitle", max_size=40))
def test_no_source_makes_the_check_raise(source: str) -> None:
    assert check_template(source) is None or check_template(source)


def test_jinja_is_not_loaded_until_a_template_is_used() -> None:
    script = "import sys, reminder.texts.templates.engine as t; t.Templates({}); sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
