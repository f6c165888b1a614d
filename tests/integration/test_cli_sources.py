"""The commands about sources: what was matched, choosing, corrections, imports, and why a date is what it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reminder.core.sourcing.answers import Unavailable
from reminder.core.sourcing.attribution import ATTRIBUTION
from reminder.core.sourcing.match import Plain, Unclear
from reminder.daemon.build_sources import build_catalogues, build_refresher
from reminder.refresh.report import health
from reminder.store.source_health import Health
from reminder.usecases import title_changes
from reminder.usecases.propose import follow, propose
from tests.support.catalogues import KEY, Catalogues, Mood
from tests.support.commands import Shell
from tests.support.works import Film, Season, Show, event, weekly

NOW = "2026-10-01T06:00:00Z"


@pytest.fixture
def there() -> Iterator[Catalogues]:
    harbour = Show(
        id=7,
        name="Harbour Lights",
        premiered="2026-10-08",
        imdb="tt700",
        seasons=[Season(number=1, order=3)],
        episodes=weekly(1, "2026-10-08", 3, "21:00"),
    )
    offices = [
        Show(id=number, name="The Office", premiered=f"{year}-01-01") for number, year in ((20, 2001), (21, 2005))
    ]
    with Catalogues(shows={7: harbour, **{show.id: show for show in offices}}) as made:
        made.films[3] = Film(id=3, name="Salt Road", imdb="tt701", dates=[("IN", 3, "2026-12-10", "")])
        yield made


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: Catalogues) -> Shell:
    made = Shell(tmp_path, monkeypatch).at(NOW)
    monkeypatch.setenv("TMDB_TOKEN", KEY)
    monkeypatch.setenv("SONARR_ICS", there.feed("sonarr"))
    return write(made, there)


def write(shell: Shell, there: Catalogues, watch: str = "[]", more: str = "") -> Shell:
    tmdb = f'tmdb: {{key: "${{TMDB_TOKEN}}", url: "{there.tmdb}"}}'
    return shell.write(
        f"timezone: Asia/Kolkata\nchannels: {{screen: console://}}\n"
        f'sources: {{tvmaze: {{url: "{there.tvmaze}"}}, {tmdb}}}\n{more}\nwatch: {watch}\n'
    )


def test_a_title_can_be_proposed_and_followed_without_a_terminal(
    shell: Shell, capfd: pytest.CaptureFixture[str]
) -> None:
    app = shell.app
    now, catalogues = app.clock.now(), build_catalogues(app)
    several = propose({"title": "The Office"}, app.config, catalogues, now, is_offline=False).answer
    assert isinstance(several, Unclear)
    assert [match.year for match in several.matches] == [2001, 2005]
    candidate = propose({"title": "harbour lights"}, app.config, catalogues, now, is_offline=False)
    assert isinstance(candidate.answer, Plain)
    with app.changing() as tx:
        title_changes.add_title(tx, app.config, candidate.listing, now)
    with closing(app.open_store()) as store:
        refresher = build_refresher(app, store, lambda subject, lines, at: None)
        followed = follow(refresher, candidate.listing.title.key, candidate.answer.match, now)
    assert followed.listing.title.sourced is not None
    assert followed.silent == {}
    assert capfd.readouterr() == ("", "")


def test_add_finds_a_show_by_some_words_and_says_its_next_message(shell: Shell) -> None:
    found = shell.run("add", "harbour", "lights")
    assert found.status == 0, found.err
    assert "Found Harbour Lights (2026), series, Channel Nine, US: tvmaze:7 (the only one of that name)." in found.err
    assert found.out.startswith("Added Harbour Lights: ")
    assert "Harbour Lights season 1 premieres in 7 days" in found.out


def test_add_without_a_terminal_lists_what_there_is_to_choose_from(shell: Shell) -> None:
    for words in (["add", "The Office"], ["add", "The Office", "--yes"]):
        found = shell.run(*words)
        assert found.status == 2
        assert "2 have that name" in found.err
        assert "The Office (2005), series, Channel Nine, US: tvmaze:21" in found.err
    assert shell.run("list", "--json").json() == []


def test_add_takes_a_year_an_entry_or_an_address_as_the_choice(shell: Shell) -> None:
    assert "tvmaze:21" in shell.run("add", "The Office 2005", "--yes").err
    assert (
        shell.run("add", "Office", "--id", "uk", "--source", "https://www.tvmaze.com/shows/20/the-office").status == 0
    )
    assert shell.run("show", "uk", "--json").json()["source"]["entry"] == "tvmaze:20"


def test_add_takes_an_entry_or_its_page_for_the_words_and_the_name_from_there(shell: Shell) -> None:
    assert "Added The Office:" in shell.run("add", "tvmaze:21").out
    assert "Added Salt Road:" in shell.run("add", "https://www.themoviedb.org/movie/3-salt-road").out
    listed = {row["title"]: row["when"] for row in shell.run("list", "--json").json()}
    assert listed == {"The Office": None, "Salt Road": "2026-12-10"}
    unknown = shell.run("add", "tvmaze:999")
    assert (unknown.status, unknown.err) == (2, "tvmaze:999: it does not know this entry\n")


def test_a_pin_to_a_source_that_is_not_set_up_is_said_wherever_it_matters(shell: Shell, there: Catalogues) -> None:
    shell.write(
        f"channels: {{screen: console://}}\nsources: {{tvmaze: {{url: '{there.tvmaze}'}}}}\n"
        "watch: [{title: Salt Road, source: 'tmdb:movie/3'}]\n"
    )
    assert "Salt Road: no source could be asked (no source is set up for this: write sources:" in shell.run("check").err
    asked = shell.run("refresh", "Salt Road")
    assert (asked.status, "no source is set up for this" in asked.out) == (1, True)
    added = shell.run("add", "Deep Water", "--source", "tmdb:movie/4")
    assert "Deep Water is watched without a date: no source is set up for this" in added.err
    assert shell.run("add", "tmdb:movie/4").err == "tmdb:movie/4: tmdb is switched off or not set up\n"


def test_add_while_the_source_is_down_watches_the_title_and_says_so(shell: Shell, there: Catalogues) -> None:
    there.mood = Mood.DOWN
    found = shell.run("add", "Harbour Lights")
    assert found.status == 0
    assert "No source could be asked now" in found.err
    there.mood = Mood.WELL
    assert "found: Harbour Lights" in shell.run("refresh", "--all").out


def test_add_by_hand_asks_nobody(shell: Shell, there: Catalogues) -> None:
    assert shell.run("add", "Harbour Lights", "--premiere", "2026-12-01").status == 0
    assert there.sink.requests == []


def test_check_says_what_was_matched_and_what_is_not_plain(shell: Shell, there: Catalogues) -> None:
    write(shell, there, "[Harbour Lights, The Office, Xyzzy, {title: Fog, premiere: 2026-12-01}]")
    found = shell.run("check", "--json")
    rows = {row["title"]: row["source"] for row in found.json()["titles"]}
    assert rows == {"Harbour Lights": "tvmaze:7", "The Office": None, "Xyzzy": None, "Fog": None}
    told = "\n".join(found.json()["warnings"])
    assert "The Office: 2 have that name; write source: to say which: The Office (2001)" in told
    assert "Xyzzy: nothing was found" in told


def test_check_tells_once_of_a_source_that_is_silent(shell: Shell, there: Catalogues) -> None:
    there.mood = Mood.DOWN
    found = write(shell, there, f"[{', '.join(f'Show {number}' for number in range(23))}]").run("check")
    assert "3 more titles will be looked for by `reminder run`, or now by `reminder refresh`" in found.err
    assert "Show 0, Show 1, Show 2 and 17 more: no source could be asked (tvmaze: 127.0.0.1 answers 503)" in found.err
    assert "1 warning\n" in found.err
    assert len(there.asked("")) == 3


def test_check_says_of_no_film_that_nobody_knows_it_while_tmdb_is_set_up(shell: Shell, there: Catalogues) -> None:
    films = ", ".join(f"{{title: Film {number}, kind: film}}" for number in range(22))
    found = write(shell, there, f"[{films}]").run("check")
    assert "no source is set up for this" not in found.err
    assert "2 more titles will be looked for" in found.err


def test_refresh_prints_a_silence_in_its_own_words_alone(shell: Shell, there: Catalogues) -> None:
    there.mood = Mood.DOWN
    found = write(shell, there, "[Harbour Lights]").run("refresh")
    assert "no answer: tvmaze: 127.0.0.1 answers 503" in found.out
    assert "does not answer" not in found.err


def test_show_tells_the_rule_that_decided_and_what_the_other_source_says(shell: Shell, there: Catalogues) -> None:
    there.shows[7].seasons[0].elsewhere = "2026-10-08"
    shell.run("add", "Harbour Lights")
    found = shell.run("show", "Harbour Lights")
    row = shell.run("show", "Harbour Lights", "--json").json()["source"]
    assert row["entry"] == "tvmaze:7"
    assert row["rule"] == "TVmaze has series by the local day and hour of their channel"
    assert row["dates"][0]["raw"].startswith("2026-10-08 21:00 (2026-10-09T01:00:00+00:00) America/New_York")
    assert row["dates"][0]["why"] == "as the source says it"
    assert row["other"]["entry"] == "tmdb:tv/7"
    assert row["other"]["dates"][0]["says"] == "2026-10-08"
    assert "tmdb:tv/7 says as well" in found.out
    assert "Data: TVmaze (https://www.tvmaze.com), CC BY-SA" in found.out


def test_a_correction_by_command_counts_and_is_shown_as_such(shell: Shell) -> None:
    shell.run("add", "Harbour Lights")
    assert shell.run("change", "Harbour Lights", "--when", "2026-10-20").status == 0
    shell.run("refresh", "Harbour Lights")
    row = shell.run("show", "Harbour Lights", "--json").json()
    assert row["releases"][0]["when"] == "2026-10-20"
    assert row["source"]["dates"][0]["why"] == "corrected by hand; the source: as the source says it"
    assert shell.run("change", "Harbour Lights", "--when", "").status == 0
    assert shell.run("show", "Harbour Lights", "--json").json()["releases"][0]["when"] == "2026-10-09T01:00:00Z"


def test_a_film_is_found_with_the_users_key_and_by_the_country_of_the_zone(shell: Shell) -> None:
    found = shell.run("add", "Salt Road", "--kind", "film", "--json")
    assert found.json()["when"] == "2026-12-10"
    row = shell.run("show", "Salt Road", "--json").json()
    assert row["source"]["dates"][0]["why"] == "cinema in IN: the earliest that has not passed"
    assert row["platform"] == "in cinemas"


def test_a_calendar_is_followed_whole_or_only_its_premieres(shell: Shell, there: Catalogues) -> None:
    there.feeds["sonarr"] = [
        *event("NzbDrone_episode_1", "20261009T010000Z", "Fog - 1x01 - Pilot", categories="FX"),
        *event("NzbDrone_episode_2", "20261016T010000Z", "Fog - 1x02 - Second", categories="FX"),
        *event("NzbDrone_episode_9", "20261016T010000Z", "Low Tide - 4x07 - Later"),
    ]
    write(shell, there, more='calendars: [{url: "${SONARR_ICS}", only: premieres}]')
    assert shell.run("refresh").status == 0
    assert [row["title"] for row in shell.run("list", "--json").json()] == ["Fog"]
    planned = shell.run("plan", "--json").json()
    assert {row["release"] for row in planned} == {"season 1 premiere"}
    write(shell, there, more='calendars: [{url: "${SONARR_ICS}"}]')
    shell.run("refresh")
    assert [row["title"] for row in shell.run("list", "--json").json()] == ["Fog", "Low Tide"]
    write(shell, there)
    shell.run("refresh")
    assert shell.run("list", "--json").json() == []


def test_a_title_that_a_calendar_brought_says_so_and_stays_away_once_it_is_removed(
    shell: Shell, there: Catalogues
) -> None:
    there.feeds["sonarr"] = event("1", "20261012T010000Z", "Fog - 2x01 - Return")
    write(shell, there, more="calendars: [{url: '${SONARR_ICS}'}]")
    shell.run("refresh")
    assert shell.run("list", "--json").json()[0]["listed"] == "by calendar"
    assert shell.run("check", "--json").json()["titles"][0]["listed"] == "by calendar"
    assert shell.run("remove", "Fog").status == 0
    shell.run("refresh")
    assert shell.run("list", "--json").json() == []


def test_no_secret_of_a_source_is_printed(shell: Shell, there: Catalogues) -> None:
    write(shell, there, "[Harbour Lights]", 'calendars: [{url: "${SONARR_ICS}"}]')
    printed = "".join(
        f"{found.out}{found.err}"
        for mood in (Mood.WELL, Mood.DOWN, Mood.NONSENSE)
        for words in (["check"], ["refresh", "--all"], ["show", "Harbour Lights", "--json"], ["refresh"])
        for found in [_with_mood(there, mood, shell, words)]
    )
    assert KEY not in printed
    assert "c4lendar-key" not in printed


def _with_mood(there: Catalogues, mood: Mood, shell: Shell, words: list[str]):  # type: ignore[no-untyped-def]
    there.mood = mood
    return shell.run(*words)


def test_import_matches_a_list_and_names_what_it_could_not(shell: Shell, tmp_path: Path) -> None:
    export = tmp_path / "watchlist.csv"
    export.write_text(
        "Position,Const,Title,Title Type,Year\n1,tt700,Harbor Lights,TV Series,2026\n2,tt701,Salt Road,Movie,2026\n"
        "3,,The Office,TV Series,\n4,,Xyzzy,TV Series,2020\n"
    )
    tried = shell.run("import", str(export), "--dry-run", "--json").json()
    assert shell.run("list", "--json").json() == []
    found = shell.run("import", str(export), "--json").json()
    assert found == tried
    assert (found["kind"], found["left_out"]) == ("IMDb", 0)
    assert [row["entry"] for row in found["added"]] == ["tvmaze:7", "tmdb:movie/3"]
    assert [(row["title"], row["line"]) for row in found["unmatched"]] == [("The Office", 4), ("Xyzzy (2020)", 5)]
    shell.run("refresh")
    assert [row["when"] for row in shell.run("list", "--json").json()] == ["2026-10-09T01:00:00Z", "2026-12-10"]
    again = shell.run("import", str(export), "--json").json()
    assert again["known"] == ["Harbor Lights", "Salt Road"]


def test_import_searches_names_and_takes_the_year_to_tell_them_apart(
    shell: Shell, there: Catalogues, tmp_path: Path
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("title,year\nThe Office,2005\nHarbour Lights (2026),2026\nThe Office,1999\n")
    found = shell.run("import", str(listed), "--json").json()
    assert [row["entry"] for row in found["added"]] == ["tvmaze:21", "tvmaze:7"]
    assert [row["title"] for row in found["unmatched"]] == ["The Office (1999)"]
    assert not [path for path in there.asked("Office") if "2005" in path]


def test_import_takes_no_second_source_for_one_that_is_silent(shell: Shell, there: Catalogues, tmp_path: Path) -> None:
    there.mood, there.moody = Mood.DOWN, "/tvmaze"
    listed = tmp_path / "list.csv"
    listed.write_text("title,imdb_id\nHarbour Lights,tt700\nThe Office,\n")
    found = shell.run("import", str(listed), "--json").json()
    assert found["added"] == []
    assert {row["reason"] for row in found["unmatched"]} == {"tvmaze: 127.0.0.1 answers 503"}


def test_import_of_what_is_no_list_says_what_can_be_read(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    found = shell.run("import", str(tmp_path / "x.csv"))
    assert found.status == 2
    assert "no column is called title, name or subscriber" in found.err


def test_everything_that_hands_dates_on_names_the_source_that_asks_for_it(shell: Shell, there: Catalogues) -> None:
    write(shell, there, "[Harbour Lights, {title: Fog, premiere: 2026-10-08}]")
    shell.run("refresh", "--all")
    shell.sweep()
    shell.at("2026-10-08T06:00:00Z").sweep()
    for words in (
        *(["plan"], ["plan", "--from", "2026-10-01"], ["upcoming"], ["list"], ["history"]),
        *(["why", "Harbour Lights"], ["why", "Fog"], ["simulate", "--from", "2026-10-01", "--to", "2026-10-12"]),
    ):
        rows = shell.run(*words, "--json").json()
        assert rows, words
        for row in rows:
            expected = None if row["title"] == "Fog" else ATTRIBUTION["tvmaze"]
            assert row.get("attribution") == expected, (words, row)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_of_people_names_the_sources_and_is_read_back(shell: Shell, there: Catalogues, form: str) -> None:
    write(shell, there, "[Harbour Lights, {title: Fog, premiere: 2026-10-08}]")
    shell.run("refresh", "--all")
    people, copy = shell.home / "people.csv", shell.home / f"copy.{form}"
    people.write_text("subscriber,channel,titles\nravi,screen,Harbour Lights;Fog\nmira,screen,Fog\n")
    assert shell.run("import", str(people)).status == 0
    assert shell.run("export", str(copy)).status == 0
    assert copy.read_text().count(ATTRIBUTION["tvmaze"]) == 1
    found = shell.run("import", str(copy), "--json").json()
    assert (found["rows"], found["same"]) == (2, 2)


def test_about_names_the_sources(shell: Shell) -> None:
    assert "CC BY-SA" in shell.run("--about").out


def test_messages_name_their_source_where_that_is_wished(shell: Shell, there: Catalogues) -> None:
    write(shell, there, "[Harbour Lights]", "credit: true")
    shell.run("refresh", "--all")
    assert "Data: TVmaze" in shell.run("plan", "--json").json()[0]["body"]
    write(shell, there, "[Harbour Lights]")
    assert "Data: TVmaze" not in shell.run("plan", "--json").json()[0]["body"]


def test_plan_from_and_simulate_know_what_sources_have_answered(shell: Shell, there: Catalogues) -> None:
    write(shell, there, "[Harbour Lights]")
    shell.run("refresh", "--all")
    assert len(shell.run("plan", "--from", "2026-10-01", "--json").json()) == 5
    asked = len(there.sink.requests)
    simulated = shell.run("simulate", "--from", "2026-10-01", "--to", "2026-10-12", "--json").json()
    assert len(simulated) == 3
    assert len(there.sink.requests) == asked


def test_plan_from_and_simulate_know_what_calendars_have_brought(shell: Shell, there: Catalogues) -> None:
    there.feeds["sonarr"] = [*event("NzbDrone_episode_1", "20261009T010000Z", "Fog - 1x01 - Pilot")]
    write(shell, there, more='calendars: [{url: "${SONARR_ICS}"}]')
    shell.run("refresh")
    begun = shell.run("plan", "--json").json()
    afresh = shell.run("plan", "--from", "2026-10-01", "--json").json()
    named = shell.run("plan", "--from", "2026-10-01", "--title", "Fog", "--json").json()
    simulated = shell.run("simulate", "--from", "2026-10-01", "--to", "2026-10-12", "--json").json()
    leads = ["7d", "1d", "day"]
    assert [[row["lead"] for row in rows if row["title"] == "Fog"] for rows in (begun, afresh, named, simulated)] == [
        leads
    ] * 4


def by_source(shell: Shell) -> dict[str, dict[str, object]]:
    return {row["source"]: row for row in shell.run("health", "--json").json()["sources"]}


def test_health_tells_how_each_source_fares_and_a_silent_one_is_no_fault(shell: Shell, there: Catalogues) -> None:
    there.feeds["sonarr"] = [*event("NzbDrone_episode_1", "20261009T010000Z", "Fog - 1x01 - Pilot")]
    write(shell, there, "[Harbour Lights]", 'calendars: [{url: "${SONARR_ICS}", name: sonarr}]')
    shell.sweep()
    never = {"ok": True, "last_success_at": None, "last_failure_at": None, "last_failure": None, "waiting": 0}
    assert by_source(shell)["tvmaze"] == {"source": "tvmaze", **never}
    shell.run("refresh")
    answered = by_source(shell)["tvmaze"]["last_success_at"]
    there.mood = Mood.DOWN
    shell.at("2026-10-03T06:00:00Z").run("refresh")
    shell.run("refresh", "--all")
    shell.sweep()
    found = by_source(shell)
    assert list(found) == ["tvmaze", "tmdb", "calendar sonarr"]
    assert {name: (row["ok"], row["waiting"]) for name, row in found.items()} == {
        "tvmaze": (False, 1),
        "tmdb": (True, 0),
        "calendar sonarr": (False, 1),
    }
    assert found["tvmaze"]["last_success_at"] == answered
    assert str(found["tvmaze"]["last_failure_at"]).startswith("2026-10-03T06:00")
    assert "answers 503" in str(found["tvmaze"]["last_failure"])
    shown = shell.run("health")
    assert shown.status == 0
    assert "still, since " in shown.out
    there.mood = Mood.WELL
    shell.at("2026-10-04T06:00:00Z").run("refresh", "--all")
    row = by_source(shell)["tvmaze"]
    assert (row["ok"], row["waiting"]) == (True, 0)
    assert str(row["last_failure_at"]).startswith("2026-10-03T06:00"), "what it last failed with stays to be seen"


def test_a_second_outage_begins_when_it_begins_and_is_told_anew() -> None:
    day = timedelta(days=1)
    began = datetime(2026, 10, 1, tzinfo=UTC)
    first = replace(health(Health(name="tvmaze"), Unavailable(reason="503"), began), told_at=began)
    well = health(first, None, began + day)
    assert not well.is_failing
    assert (well.failing_since, well.reason) == (began, "503")
    again = health(well, Unavailable(reason="refused"), began + 2 * day)
    assert again.is_failing
    assert (again.failing_since, again.reason, again.told_at) == (began + 2 * day, "refused", None)
    assert health(again, Unavailable(reason="refused"), began + 3 * day).failing_since == began + 2 * day


def test_a_title_that_a_pass_failed_about_is_named_everywhere_until_it_succeeds(
    shell: Shell, there: Catalogues
) -> None:
    write(shell, there, "[Harbour Lights, {title: The Office, source: 'tvmaze:21'}]")
    assert shell.run("refresh").status == 0
    with closing(sqlite3.connect(shell.database)) as database:
        database.execute(
            "CREATE TRIGGER broken BEFORE INSERT ON date_change BEGIN SELECT RAISE(ABORT, 'it will not be written'); END"
        )
        database.commit()
    there.shows[7].episodes[0].on = "2026-10-20"
    there.touch(7, datetime(2026, 10, 3, tzinfo=UTC))
    found = shell.at("2026-10-04T06:00:00Z").run("refresh", "--all")
    assert found.status == 1
    assert "not asked" in found.out
    assert "Asking for dates failed: Harbour Lights: " in found.err
    once = shell.at("2026-10-04T08:00:00Z").run("run", "--once")
    assert once.status == 0
    assert once.err.startswith("warning: Harbour Lights: asking for its dates failed: ")
    health = shell.run("health")
    assert health.status == 1
    assert "Harbour Lights: asking for its dates failed: " in health.out
    assert "All is well" not in health.out
    checked = shell.run("check")
    assert "warning: Harbour Lights: asking for its dates failed: " in checked.err
    assert "Everything is in order" not in checked.err
    with closing(sqlite3.connect(shell.database)) as database:
        database.execute("DROP TRIGGER broken")
        database.commit()
    assert shell.at("2026-10-04T10:00:00Z").run("refresh", "--all").status == 0
    assert shell.run("run", "--once").status == 0
    assert shell.run("health").status == 0
    assert "failed" not in shell.run("check").err
