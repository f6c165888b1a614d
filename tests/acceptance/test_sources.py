"""The installed command against catalogues on loopback: a show from its development to its renewal, and slow sources."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.support.catalogues import KEY, Catalogues, Mood
from tests.support.nursery import Hatched
from tests.support.process import COMMAND, Reminder
from tests.support.sink import Sink
from tests.support.works import Episode, Film, Season, Show, event, weekly

pytestmark = pytest.mark.acceptance

NINE: Final = "03:30:00Z"
"""Nine in Kolkata."""

GAVE_UP: Final = "did not answer within"
"""What is said of a source that was waited for to the end."""


@pytest.fixture
def there() -> Iterator[Catalogues]:
    with Catalogues(shows={7: Show(id=7, name="Harbour Lights", status="In Development")}) as made:
        yield made


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as made:
        yield made


def household(there: Catalogues, sink: Sink, *watch: object) -> dict[str, object]:
    return {
        "timezone": "Asia/Kolkata",
        "channels": {"hook": f"json://{sink.netloc}/asha"},
        "sources": {"tvmaze": {"url": there.tvmaze}},
        "watch": list(watch),
    }


@dataclass(frozen=True)
class Mornings:
    """A timer that passes at half past eight, when the sources are asked, and at nine, when messages go."""

    reminder: Reminder
    there: Catalogues
    sink: Sink

    def __call__(self, on: str, watch: object = "Harbour Lights") -> list[str]:
        """Live that morning with this title listed, and return what came."""
        before = len(self.sink.requests)
        self.reminder.write(household(self.there, self.sink, watch))
        for hour in ("03:00:00Z", NINE):
            done = self.reminder.at(f"{on}T{hour}").once()
            assert done.status == 0, done.err
        return [request.json()["title"] for request in self.sink.requests[before:]]


def test_a_year_of_a_show_by_single_passes(  # noqa: PLR0915  a year has many mornings
    tmp_path: Path, there: Catalogues, sink: Sink
) -> None:
    show = there.shows[7]
    reminder = Hatched(tmp_path)
    subjects = Mornings(reminder, there, sink)

    fall = {"title": "Harbour Lights", "when": "fall 2026"}
    assert subjects("2025-11-01") == []
    assert subjects("2025-12-10", {"title": "Harbour Lights", "when": "2026"}) == []
    assert subjects("2026-02-10", fall) == []
    assert subjects("2026-09-01", fall) == [
        "Harbour Lights season 1 is expected sometime in fall 2026; no day is known yet"
    ]
    show.status, show.seasons = "Running", [Season(number=1, order=5)]
    show.episodes = [Episode(season=1, number=n, on="2026-10-08") for n in (1, 2)]
    assert subjects("2026-09-10", fall) == [
        "Harbour Lights season 1 now has a date: Thursday, October 8, 2026, in 28 days"
    ]
    show.episodes = [Episode(season=1, number=n, on="2026-10-15") for n in (1, 2)]
    show.episodes += weekly(1, "2026-10-22", 3, start=3)
    assert subjects("2026-09-20", fall) == ["Harbour Lights season 1 moved from October 8 to October 15, 2026"]
    assert subjects("2026-10-08", fall) == ["Harbour Lights season 1 premieres in 7 days"]
    assert subjects("2026-10-14", fall) == ["Harbour Lights season 1 premieres tomorrow"]
    assert subjects("2026-10-15", fall) == ["Harbour Lights season 1 is out today"]
    assert sink.requests[-1].json()["message"].startswith("Thursday, October 15, 2026: episodes 1 and 2 of 5")
    assert subjects("2026-10-22", fall) == ["Harbour Lights season 1 episode 3 is out today"]
    there.mood = Mood.DOWN
    assert subjects("2026-10-23", fall) == []
    there.mood = Mood.WELL
    show.episodes[3].on, show.episodes[4].on = "2026-12-03", "2026-12-10"
    assert subjects("2026-10-24", fall) == [
        "Harbour Lights season 1 episode 4 moved from October 29 to December 3, 2026"
    ]
    assert subjects("2026-10-29", fall) == []
    assert subjects("2026-12-03", fall) == ["Harbour Lights season 1 episode 4 is out today"]
    assert subjects("2026-12-10", fall) == ["The finale of Harbour Lights season 1 is out today"]
    show.seasons.append(Season(number=2))
    assert subjects("2027-01-10", fall) == []
    show.seasons[1].premiere = "2027-09-16"
    assert subjects("2027-02-01", fall) == [
        "Harbour Lights season 2 now has a date: Thursday, September 16, 2027, in 227 days"
    ]
    why = reminder.run("why", "Harbour Lights")
    assert why.status == 0, why.err
    assert "None" not in why.out


def test_a_source_that_hangs_delays_no_message_and_no_stop(tmp_path: Path, there: Catalogues, sink: Sink) -> None:
    there.mood = Mood.SLOW
    reminder = Hatched(tmp_path)
    due = {"title": "Fog", "premiere": "2026-10-08", "remind": ["day"]}
    reminder.write(household(there, sink, "Harbour Lights", due))
    reminder.at("2026-10-08T03:20:00Z")
    with reminder.daemon() as daemon:
        assert there.sink.wait_for(1), daemon.log
        reminder.at(f"2026-10-08T{NINE}")
        assert sink.wait_for(1), daemon.log
        assert GAVE_UP not in daemon.log  # it is waited for still
        daemon.term()
        assert daemon.ends() == 0, daemon.log
        assert GAVE_UP not in daemon.log
    assert sink.requests[0].json()["title"] == "Fog is out today"


def test_the_daemon_finds_a_show_by_itself_and_tells_of_its_date(tmp_path: Path, there: Catalogues, sink: Sink) -> None:
    there.shows[7].seasons = [Season(number=1, premiere="2026-10-08")]
    reminder = Hatched(tmp_path)
    reminder.write(household(there, sink, "Harbour Lights"))
    reminder.at("2026-10-08T03:20:00Z")
    with reminder.daemon() as daemon:
        assert there.sink.wait_for(2), daemon.log
        daemon.expect(f"STATUS=next message 2026-10-08T{NINE}")
        reminder.at(f"2026-10-08T{NINE}")
        assert sink.wait_for(1), daemon.log
    assert sink.requests[0].json()["title"] == "Harbour Lights season 1 is out today"


def test_on_a_terminal_one_chooses_among_shows_of_one_name(tmp_path: Path, there: Catalogues, sink: Sink) -> None:
    for number, year in ((20, 2001), (21, 2005)):
        there.shows[number] = Show(id=number, name="The Office", premiered=f"{year}-01-01")
    reminder = Hatched(tmp_path).at("2026-10-01T03:30:00Z")
    reminder.write(household(there, sink))
    screen = on_terminal(reminder, ["add", "The Office"], "7\n2\n")
    assert "2  The Office (2005), series, Channel Nine, US: tvmaze:21" in screen
    assert "write a number from 0 to 2" in screen
    assert reminder.run("show", "The Office", "--json").json()["source"]["entry"] == "tvmaze:21"


def test_what_is_chosen_while_checking_is_kept_or_said_to_be_written_down(
    tmp_path: Path, there: Catalogues, sink: Sink
) -> None:
    for number, year in ((20, 2001), (21, 2005)):
        there.shows[number] = Show(id=number, name="The Office", premiered=f"{year}-01-01")
    reminder = Hatched(tmp_path).at("2026-10-01T03:30:00Z")
    reminder.write(household(there, sink, "The Office"))
    assert 'no database yet to keep this in; write source: "tvmaze:21"' in on_terminal(reminder, ["check"], "2\n")
    reminder.once()
    on_terminal(reminder, ["check"], "2\n")
    source = reminder.run("show", "The Office", "--json").json()["source"]
    assert (source["entry"], source["pinned_by"]) == ("tvmaze:21", "you")


def test_an_import_that_is_broken_off_keeps_what_it_found_and_goes_on(
    tmp_path: Path, there: Catalogues, sink: Sink
) -> None:
    names = [f"Film {number:03}" for number in range(200)]
    there.films = {number: Film(id=number, name=name) for number, name in enumerate(names)}
    reminder = Hatched(tmp_path).at("2026-10-01T03:30:00Z")
    tmdb = {"key": "${TMDB_TOKEN}", "url": there.tmdb}
    reminder.write({**household(there, sink), "sources": {"tvmaze": {"ask": False}, "tmdb": tmdb}})
    reminder.environ["TMDB_TOKEN"] = KEY
    films = tmp_path / "films.csv"
    films.write_text("title,type\n" + "".join(f"{name},movie\n" for name in names))
    words: list[str | Path] = [COMMAND, "import", films, "--json"]
    with subprocess.Popen(words, env=reminder.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert there.sink.wait_for(21)  # the first twenty are written by then
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()
    assert process.returncode == 130, told
    kept = [row["title"] for row in reminder.run("list", "--json").json()]
    assert len(kept) >= 20
    again = reminder.run("import", str(films), "--json").json()
    assert again["known"] == sorted(kept)
    assert len(again["added"]) == 200 - len(kept)


def on_terminal(reminder: Reminder, words: list[str], typed: str) -> str:
    """Run a command on a terminal of its own, type something, and return all that is on the screen at its end."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, *words], env=reminder.env, cwd=reminder.home, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    screen = b""
    try:
        os.write(ours, typed.encode())
        while part := os.read(ours, 4096):
            screen += part
    except OSError:
        pass  # the other end is closed: it has ended
    finally:
        os.close(ours)
        process.wait(30)
    return screen.decode()


def test_a_calendar_made_to_be_costly_delays_no_message_and_no_stop(
    tmp_path: Path, there: Catalogues, sink: Sink
) -> None:
    summaries = ["a" + sign * 15_900 + "b" for sign in ("-", ",", ":", " -", "S1", "1x", "(", "第")]
    there.feeds["sonarr"] = [
        line
        for number in range(40)
        for line in event(f"u{number}", f"202612{number % 28 + 1:02}", summaries[number % 8][:15_900])
    ]
    reminder = Hatched(tmp_path)
    due = {"title": "Fog", "premiere": "2026-10-08", "remind": ["day"]}
    reminder.write({**household(there, sink, due), "calendars": [{"url": there.feed("sonarr"), "name": "mine"}]})
    reminder.at("2026-10-08T03:20:00Z")
    with reminder.daemon() as daemon:
        assert there.sink.wait_for(1), daemon.log
        reminder.at(f"2026-10-08T{NINE}")
        assert sink.wait_for(1), daemon.log
        daemon.term()
        assert daemon.ends() == 0, daemon.log
    assert sink.requests[0].json()["title"] == "Fog is out today"
