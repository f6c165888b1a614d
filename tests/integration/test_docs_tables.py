"""What the documents list is what the code holds: keys, words, states, reasons, limits, waits, dates and modules."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel

from reminder.config.load import parse_config
from reminder.config.parsers import ONLY_WORDS, TEMPLATED
from reminder.config.schema import ladder, people, sources, titles, web, whole
from reminder.core.dates.parse import load_when, parse_when
from reminder.core.dates.when import When
from reminder.core.lists.programs import PROGRAMS, SHAPES
from reminder.core.model import lead
from reminder.core.model.entities import Kind, Title
from reminder.core.model.lead import Lead
from reminder.core.model.ledger import Reason, State
from reminder.core.schedule.notice_kinds import notice_kind
from reminder.core.schedule.notices import UNDATED_USE
from reminder.core.schedule.season import parse_drop, unfold
from reminder.core.sending import clock_guard, rate_limit, retry
from reminder.core.sending.rate_limit import ChannelPace, SendRate
from reminder.core.sending.retry import BACKOFF, GREYLIST, FailureKind
from reminder.core.text.message import ReaderSettings, Topic, compose
from reminder.daemon import service as daemon
from reminder.daemon import status
from reminder.notify import limits, pace, schemas
from reminder.texts.templates import engine
from tests.support import docs
from tests.support.docs import ROOT, Row

CHANNELS: Final = ROOT / "docs" / "channels.md"
CONFIG: Final = ROOT / "docs" / "config.md"
OPERATIONS: Final = ROOT / "docs" / "operations.md"
SOURCES: Final = ROOT / "docs" / "sources.md"
TIME: Final = ROOT / "docs" / "time.md"
PACKAGE: Final = ROOT / "reminder"
ARCHITECTURE: Final = ROOT / "docs" / "ARCHITECTURE.md"

KEY: Final = ("key", "where", "default", "says")
PLACES: Final[dict[str, tuple[type[BaseModel], ...]]] = {
    "top": (whole.ConfigSpec,),
    "subscriber": (people.SubscriberSpec,),
    "channel": (people.ChannelSpec,),
    "title": (titles.GroupSpec,),
    "drop": (titles.DropSpec,),
    "follower": (titles.FollowerSpec,),
    "ladder": (ladder.LadderSpec,),
    "delivery": (whole.DeliverySpec,),
    "log": (whole.LogSpec,),
    "template": (whole.TemplateSpec,),
    "sources": (sources.SourcesSpec,),
    "tvmaze": (sources.TVmazeSpec,),
    "tmdb": (sources.TMDBSpec,),
    "calendar": (sources.CalendarSpec,),
    "reading": (sources.ReadingSpec,),
    "web": (web.WebSpec,),
    "proxy": (web.ProxySpec,),
}


# The config ----------------------------------------------------------------------------------------------------------


def test_every_key_of_the_config_is_documented_where_it_stands_and_no_other() -> None:
    written = {
        (key, where) for row in docs.table(CONFIG, *KEY) for key in docs.names(row["key"]) for where in places(row)
    }
    real = {
        (field.alias or name, where)
        for where, models in PLACES.items()
        for model in models
        for name, field in model.model_fields.items()
    }
    assert written == real


def places(row: Row) -> list[str]:
    return [where.strip() for where in row["where"].split(",")]


def test_keys_named_in_passing_exist() -> None:
    known = {key for where in PLACES.values() for model in where for key in model_keys(model)}
    said = {
        found[1]
        for path in docs.DOCS
        for span in docs.spans(path)
        if (found := re.match(r"([a-z_]+):(?: |$)", span)) and "://" not in span
    }
    dotted = {found for path in docs.DOCS for found in re.findall(r"`(delivery|log)\.([a-z]+)`", docs.prose(path))}
    assert said | {key for _, key in dotted} <= known


def model_keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def test_a_default_that_is_written_out_changes_nothing_when_it_is_said() -> None:
    written = [line for row in docs.table(CONFIG, *KEY) for line in defaults(row)]
    unsaid = parse_config("watch: [1899]\n", "c")
    wrong = [line for line in written if parse_config(f"watch: [1899]\n{line}\n", "c") != unsaid]
    assert (len(written) > 10, wrong) == (True, [])


def defaults(row: Row) -> Iterator[str]:
    """Yield the lines of a config that say what a row of the table gives as the default."""
    value = re.fullmatch(r"`?(\[.+\]|[\w:]+)`?", row["default"])
    if not value or row["default"] == "none":
        return
    for where in {"top", "delivery", "log"}.intersection(places(row)):
        for key in docs.names(row["key"]):
            yield f"{key}: {value[1]}" if where == "top" else f"{where}: {{{key}: {value[1]}}}"


def test_every_variable_of_a_template_is_documented() -> None:
    rows = {row["variable"].strip("`"): row["holds"] for row in docs.table(CONFIG, "variable", "holds")}
    assert rows == {name: f"{says}; as in `{example}`" for name, (example, says) in engine.VARIABLES.items()}


@pytest.mark.parametrize(
    ("path", "heading", "kinds"),
    [(CONFIG, "Your own words", TEMPLATED), (OPERATIONS, "What was sent, and why not", tuple(Kind))],
)
def test_the_kinds_of_message_are_listed_whole(path: Path, heading: str, kinds: tuple[Kind, ...]) -> None:
    text = docs.section(path, heading)
    wanted = [str(kind) for kind in kinds]
    sentences = [docs.names(line) for line in text.splitlines()]
    assert any(named[-len(wanted) :] == wanted for named in sentences)


# Channels ------------------------------------------------------------------------------------------------------------


def test_the_words_of_only_are_those_of_the_code() -> None:
    assert [row["word"].strip("`") for row in docs.table(CHANNELS, "word", "lets through")] == list(ONLY_WORDS)


def test_the_table_of_limits_is_that_of_the_code() -> None:
    rows = docs.table(CHANNELS, "scheme", "body", "subject", "counted in", "written as", "mentions")
    written = {scheme: without_scheme(row) for row in rows for scheme in docs.names(row["scheme"])}
    assert written == {scheme: shown(service) for scheme, service in limits.SERVICES.items()}
    assert without_scheme(rows[-1]) == shown(limits.service("no such scheme"))


def without_scheme(row: Row) -> list[str]:
    return [value for key, value in row.items() if key != "scheme"]


def shown(service: limits.Service) -> list[str]:
    forms = {None: "as the service reads it", "text": "text", "markdown": "Markdown", "html": "HTML"}
    subject = "in the body" if service.title == 0 else length(service.title)
    mentions = "defused" if service.defuse else "as written"
    return [length(service.body), subject, str(service.unit.value), forms[service.write], mentions]


def length(limit: int | None) -> str:
    return "as apprise says" if limit is None else f"{limit:,}"


def test_the_lists_of_schemes_are_those_of_the_code() -> None:
    assert docs.names(docs.section(CHANNELS, "Every service")) == ["reminder check", *sorted(schemas.REMOTE)]
    refused = docs.section(CHANNELS, "Local and relaying services: `allow_schemas`")
    local, relays, files = (docs.names(line) for line in refused.splitlines() if line.startswith("- "))
    assert (local, relays) == (sorted(schemas.LOCAL), sorted(schemas.RELAYS))
    said = [[f"{name}=", *sorted(found)] for name, found in schemas.FILE_ARGUMENTS.items()]
    assert files == [word for words in said for word in words]


def test_the_waits_between_tries_are_those_of_the_table_in_the_code() -> None:
    rows = {
        row["fault"].strip("`"): row["what is done"]
        for row in docs.table(CHANNELS, "fault", "for instance", "what is done")
    }
    assert set(rows) == {str(kind) for kind in FailureKind}
    transient, unknown = BACKOFF[FailureKind.TRANSIENT], BACKOFF[FailureKind.UNKNOWN]
    assert (
        f"after {span(transient.first)}, twice that, and so on, at most {span(transient.cap)} apart"
        in rows["transient"]
    )
    assert (
        f"after {span(unknown.first)}, then {unknown.factor} times that, at most {span(unknown.cap)}" in rows["unknown"]
    )
    assert (transient.factor, BACKOFF[FailureKind.CHANNEL].first) == (2, timedelta(hours=1))
    prose = docs.section(CHANNELS, "When a channel fails")
    assert f"honoured up to {span(retry.LONGEST_WAIT)}." in prose
    assert f"is given {span(GREYLIST.first)} first" in prose
    assert f"at most {limits.PLAIN_LIMIT} characters" in docs.section(CHANNELS, "What is cut")


def test_the_table_of_rates_is_that_of_the_code() -> None:
    rows = docs.table(CHANNELS, "service", "rate for an endpoint", "rate for one address", "connections")
    written = {name: list(row.values())[1:] for row in rows for name in docs.names(row["service"]) or ["any other"]}
    by_scheme = {
        **{scheme: scheme for scheme in pace.UNLIMITED},
        **pace.FAMILIES,
        "webpush": "webpush",
        "ntfys": "any other",
    }
    assert written == {name: paced(pace.pace(f"{scheme}://a@example.com/b")) for scheme, name in by_scheme.items()}
    assert set(pace.RATES) | set(pace.EACH) | set(pace.CONNECTIONS) <= set(written)


def paced(found: ChannelPace) -> list[str]:
    whole = rate(found.rate)
    each = rate(found.each) if found.each else "the endpoint's" if found.rate else "no limit"
    return [whole, each, str(found.most or "as many as it takes")]


def rate(found: SendRate | None) -> str:
    return f"{found.amount:g} in {found.seconds:g} s" if found else "no limit"


def test_how_lanes_open_and_rest_is_as_the_guide_says() -> None:
    text = docs.section(CHANNELS, "How fast each service is sent to")
    assert f"begins with {rate_limit.FIRST_WINDOW} of them" in text
    assert f"After {rate_limit.MOST_FAILURES} failures in a row" in text
    assert f"for {rate_limit.FIRST_REST:g} s, then for longer, up to {rate_limit.LONGEST_REST:g} s" in text


def span(wait: timedelta) -> str:
    seconds = int(wait.total_seconds())
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min" if seconds < 3600 else f"{seconds // 3600} h"


# Operations ----------------------------------------------------------------------------------------------------------


def test_every_state_and_every_reason_is_explained() -> None:
    assert first_names(docs.table(OPERATIONS, "state", "means"), "state") == [str(state) for state in State]
    assert first_names(docs.table(OPERATIONS, "reason", "means"), "reason") == [str(reason) for reason in Reason]


def first_names(rows: Iterable[Row], heading: str) -> list[str]:
    return [row[heading].strip("`") for row in rows]


def test_the_times_in_the_operator_s_guide_are_those_of_the_daemon() -> None:
    text = OPERATIONS.read_text()
    assert f"within {daemon.DRAIN:.0f} s and hands back" in text
    assert f"has held for {span(clock_guard.SETTLING)}" in text
    assert f"longer than {span(status.WORTH_TELLING)}" in text
    assert "WatchdogSec=3min" in (ROOT / "systemd" / "reminder.service").read_text()
    assert "no longer reach the database for 3 min" in text


# Dates ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", docs.table(TIME, "precision", "write", "it means"), ids=lambda row: row["precision"])
def test_every_spelling_in_the_guide_has_the_precision_it_stands_under(row: Row) -> None:
    said = [parse_when(text) for text in docs.names(row["write"])]
    assert {str(when.precision) for when in said} == {row["precision"]}
    assert len(set(said)) <= len(said)


@pytest.mark.parametrize("row", docs.table(TIME, "written", "answer"), ids=lambda row: row["written"])
def test_what_the_guide_says_is_refused_is_refused_in_these_words(row: Row) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(row['answer'])}$"):
        parse_when(row["written"].strip("`"))


def test_every_lead_in_the_guide_is_one_and_the_default_is_that_of_the_code() -> None:
    rows = docs.table(TIME, "lead", "when the message comes")
    days = {str(each): each.is_day_lead for row in rows for each in map(Lead.parse, docs.names(row["lead"]))}
    assert days == {
        "30d": True,
        "2w": True,
        "12h": False,
        "45m": False,
        "day": True,
        "release": False,
        "+1d": True,
        "+2h": False,
    }
    default = ", ".join(str(each) for each in lead.DEFAULT_LADDER.of("premiere"))
    assert f"The default is `[{default}]`" in TIME.read_text()


def test_every_way_to_drop_a_season_in_the_guide_is_one() -> None:
    rows = docs.table(TIME, "write", "what comes out")
    words = [
        name.removeprefix("drop: ") for row in rows for name in docs.names(row["write"]) if name.startswith("drop: ")
    ]
    assert [parse_drop(word).pace.value for word in words] == ["all", "weekly", "daily", "weekly"]


@pytest.mark.parametrize(
    "row", docs.table(TIME, "from", "to", "notice", "it says"), ids=lambda row: f"{row['from']}-{row['to']}"
)
def test_each_change_in_the_guide_gives_the_notice_it_says(row: Row) -> None:
    before, after = (load_when(row[key].strip("`")) for key in ("from", "to"))
    reader = ReaderSettings(zone=ZoneInfo("Asia/Kolkata"))
    kind = notice_kind(before, after, reader.zone)
    assert str(kind).lower() == row["notice"]
    assert (subject(kind, before, after, reader) if kind else "") == row["it says"]


def subject(kind: Kind, before: When, after: When, reader: ReaderSettings) -> str:
    title = Title(key="ballard", name="Ballard", premiere=after)
    topic = Topic(kind=kind, title=title, release=unfold(title)[0], heard=before)
    return compose(topic, reader, datetime(2025, 6, 20, 4, tzinfo=UTC)).subject


def test_how_long_things_are_useful_is_as_the_guide_says() -> None:
    text = docs.section(TIME, "What is late, and what is never owed")
    assert f"something undated for {UNDATED_USE.days} days" in text
    assert parse_config("watch: [1899]\n", "c").grace == timedelta(days=2)
    assert "`grace` (2 days)" in text


# Architecture --------------------------------------------------------------------------------------------------------


def test_the_table_of_rooms_names_every_room_and_no_other() -> None:
    named = {name for row in docs.table(ARCHITECTURE, "room", "holds") for name in docs.names(row["room"])}
    assert named == {f"{room.relative_to(PACKAGE).as_posix()}/" for room in rooms(PACKAGE)}


def rooms(package: Path) -> list[Path]:
    """Return the folders of the package; the scripts of the migrations belong to their store."""
    found = [each.parent for each in package.rglob("__init__.py") if each.parent != package]
    return [room for room in found if "migrations" not in room.parts]


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["postgres"], *extras["metrics"], *extras["articles"], *extras["web"]]
    rows = docs.table(ARCHITECTURE, "dependency", "for")
    assert [docs.names(row["dependency"])[0] for row in rows] == [re.split(r"[^\w-]", text)[0] for text in wanted]


def test_the_changelog_knows_its_sections() -> None:
    headings = re.findall(r"^### (\w+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert set(headings) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


# Lists ---------------------------------------------------------------------------------------------------------------

CATALOGUES: Final = {"IMDb": "imdb", "TMDB": "tmdb", "TheTVDB": "thetvdb", "TVmaze": "tvmaze"}


def test_the_programs_whose_lists_are_read_are_those_of_the_table() -> None:
    rows = docs.table(SOURCES, "program", "files", "left out", "numbers used")
    assert [row["program"] for row in rows] == list(PROGRAMS)
    for row in rows:
        shapes = [shape for shape in SHAPES if shape.program == row["program"]]
        assert set(re.findall("CSV|JSON|XML", row["files"])) == {shape.format for shape in shapes}, row["program"]
        numbers = {CATALOGUES[word] for word in re.findall("|".join(CATALOGUES), row["numbers used"])}
        assert numbers == {name for shape in shapes for name in shape.ids}, row["program"]
