"""`import` and `export` of subscribers, and what reaches them: nothing half done, each at their own address."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from reminder.config.load import parse_config
from reminder.config.people_file import PeopleFile, from_cell, holds_people, join_titles, split_titles, to_cell
from reminder.core.errors import WrongInput
from reminder.core.model.entities import ChannelUse, Subscriber
from reminder.core.model.own import Own
from reminder.core.sending.retry import Failure, FailureKind
from reminder.notify.addresses import Addresses
from reminder.notify.fake import FakeTransport
from reminder.notify.transport import Sent
from reminder.store import own
from reminder.usecases.import_subscribers import CHUNK, PeopleImport
from tests.support.commands import Shell

CONFIG = """\
timezone: Asia/Kolkata
channels:
  screen: console://
  bot: tgram://123456789:token/{address}
subscribers:
  asha: {channels: [screen]}
watch:
  - {title: Ballard, premiere: 2025-07-09}
  - {title: Silo, season: 1, premiere: 2025-08-01}
  - {title: Silo, season: 2, premiere: TBA}
  - {title: "Steins;Gate", premiere: TBA}
"""

PEOPLE = """\
subscriber,timezone,channel,address,titles,remind,at,quiet_hours,notices,digest,clock
ravi,America/New_York,bot,123,*,7d 1d,20:00,23:00-07:00,moved cancelled,daily,24h
mira,,,@mira,Ballard;Steins\\;Gate,,,,,,
noor,Europe/Paris,bot,9,silo #2,none,,none,none,none,
"""

BOTS = Failure(kind=FailureKind.CHANNEL, reason="401 Unauthorized", status=401)
BLOCKED = Failure(
    kind=FailureKind.CHANNEL, reason="403 Forbidden (bot was blocked by the user)", status=403, is_address=True
)


@pytest.fixture
def crowd(shell: Shell) -> Shell:
    """Return a home whose config has one bot for many."""
    return shell.write(CONFIG)


def brought_in(shell: Shell, text: str = PEOPLE, name: str = "people.csv", *words: str) -> tuple[int, str]:
    (shell.home / name).write_text(text)
    found = shell.run("import", str(shell.home / name), *words)
    return found.status, found.err


def exported(shell: Shell) -> list[dict[str, object]]:
    return [json.loads(line) for line in shell.run("export", "--format", "jsonl").out.splitlines()]


def test_people_come_in_with_what_their_row_says_and_the_rest_from_the_config(crowd: Shell) -> None:
    status, said = brought_in(crowd)
    assert status == 0, said
    assert "3 people added, 0 changed, 0 as they were; 7 subscriptions began" in said
    ravi, mira, noor = exported(crowd)
    assert ravi["titles"] == ["Ballard", "silo #1", "silo #2", "Steins;Gate"]
    assert (ravi["at"], ravi["quiet_hours"], ravi["digest"], ravi["clock"]) == ("20:00", "23:00-07:00", "daily", "24h")
    assert (mira["timezone"], mira["address"], mira["at"]) == ("Asia/Kolkata", "@mira", "09:00")
    assert mira["titles"] == ["Ballard", "Steins;Gate"]
    assert (noor["notices"], noor["remind"]) == ("none", {"premiere": [], "episode": [], "finale": []})


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_is_exported_is_read_back_as_it_was(crowd: Shell, form: str) -> None:
    brought_in(crowd)
    before, file = exported(crowd), crowd.home / f"out.{form}"
    assert crowd.run("export", str(file)).status == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert "3 as they were; 0 subscriptions began" in brought_in(crowd, file.read_text(), f"again.{form}")[1]
    assert exported(crowd) == before
    assert crowd.run("export", str(file)).status == 2
    assert crowd.run("export", "-").out == crowd.run("export").out


@pytest.mark.parametrize(
    ("joined", "further", "said"),
    [
        (0, 0, None),
        (2, 0, "Not among them: 2 people who joined on the page."),
        (1, 1, "Not among them: 1 person who joined on the page and 1 further address."),
    ],
)
def test_an_export_says_what_is_not_in_it(crowd: Shell, joined: int, further: int, said: str | None) -> None:
    brought_in(crowd)
    with crowd.app.changing_store() as store, store.write() as tx:
        for number in range(joined):
            who = Subscriber(name=f"grandma {number}", zone=ZoneInfo("Europe/Berlin"))
            own.add_person(tx, who, Own(channels=(ChannelUse(name="bot", address=f"7{number}"),)))
        for number in range(further):
            use = ChannelUse(name="bot#2", address=f"8{number}")
            own.change_own(tx, "ravi", lambda kept, use=use: kept.with_use(use), datetime(2025, 6, 20, 12, tzinfo=UTC))  # type: ignore[misc]
    for words in (("export",), ("export", str(crowd.home / "out.csv"))):
        found = crowd.run(*words)
        assert (said in found.err) if said else ("Not among them" not in found.err), words


@pytest.mark.parametrize(
    ("remind", "leads"),
    [("1d", ["1d"]), ("5d 1d", ["5d", "1d"]), ("none", [])],
)
def test_leads_that_a_later_row_changes_are_those_of_all_that_the_person_follows(
    remind: str, leads: list[str], crowd: Shell
) -> None:
    brought_in(crowd, "subscriber,address,titles,remind\nravi,123,*,7d 1d day\nmira,7,*,3d\n")
    before = crowd.run("plan", "--subscriber", "mira").out
    status, said = brought_in(crowd, f"subscriber,address,titles,remind\nravi,123,Ballard,{remind}\n", "later.csv")
    assert (status, "1 changed, 0 as they were; 0 subscriptions began, 4 changed" in said) == (0, True)
    coming = crowd.run("plan", "--subscriber", "ravi", "--json").json()
    assert [row["lead"] for row in coming if row["title"] == "Ballard"] == leads
    assert [row["lead"] for row in coming if row["title"] == "Silo"] == leads
    assert crowd.run("plan", "--subscriber", "mira").out == before
    again = "\n".join(json.dumps(row) for row in exported(crowd))
    assert "2 as they were; 0 subscriptions began, 0 changed" in brought_in(crowd, again, "again.jsonl")[1]


BOOK = """\
timezone: Asia/Kolkata
channels:
  letters: "mailtos://me:secret@mail.example.com?to={address}"
  bot: tgram://123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/{address}
  topics: ntfys://ntfy.example.com/{address}
  hook: "json://127.0.0.1:9/{address}"
watch: [{title: Ballard, premiere: 2025-07-09}]
"""


@pytest.mark.parametrize(
    ("channel", "address", "is_one"),
    [
        ("letters", "ravi@example.com", True),
        ("letters", "ravi+tv@example.com", True),
        ("letters", "jörg@example.com", True),
        ("letters", "a@x.org,b@x.org", False),
        ("letters", "a@x.org;b@x.org", False),
        ("letters", "a@x.org b@x.org", False),
        ("letters", "nonsense", False),
        ("letters", "anna.@example.com", False),
        ("bot", "12345", True),
        ("bot", "-1001234567890", True),
        ("bot", "@channel", True),
        ("bot", "12345,67890", False),
        ("bot", "12345 67890", False),
        ("bot", "not-a-chat!", False),
        ("bot", "12345/67890", False),
        ("topics", "my-topic", True),
        ("topics", "one,two", False),
        ("hook", "anything-at-all", True),
    ],
)
def test_an_address_that_the_plugin_would_drop_split_or_refuse_is_an_error_with_its_line(
    shell: Shell, channel: str, address: str, is_one: bool
) -> None:
    shell.write(BOOK)
    good = {"letters": "good@example.com", "bot": "99", "topics": "t", "hook": "h"}[channel]
    text = f'subscriber,channel,address,titles\ngood,{channel},{good},*\nasha,{channel},"{address}",*\n'
    status, said = brought_in(shell, text)
    assert (status == 0) is is_one, said
    if not is_one:
        (line,) = said.splitlines()
        assert line.startswith(f'{shell.home / "people.csv"}:3: channel: "{channel}" cannot send to "{address}": ')
        assert exported(shell) == []


def test_of_addresses_that_are_written_alike_one_is_tried() -> None:
    channel = parse_config(BOOK, "c").channels["topics"]
    judge = Addresses()
    found = {judge(channel, f"topic{number:05}") for number in range(100_000)}
    assert found == {None}
    assert judge.patterns == 1


def test_every_problem_is_told_by_its_line_and_nothing_is_written(crowd: Shell) -> None:
    text = (
        "subscriber,timezone,channel,address,titles,remind,at,quiet_hours\n"
        "good,,bot,1,Ballard,,,\n"
        "asha,,bot,1,Balard,7 days,25:00,\n"
        ',IST,screen,1,"",,,\n'
        "x,,boot,1,*,,22:00,21:00-08:00\n"
        "good,,bot,2,Ballard,,,\n"
        "y,,bot,,Silo\n"
        "GOOD,,bot,1,Ballard,,,\n"
        "z,,bot,1,Silo,,,,,,,x\n"
    )
    status, said = brought_in(crowd, text)
    assert status == 2
    path = crowd.home / "people.csv"
    assert said.splitlines() == [
        f'{path}:3: at: "25:00" is not a time of day: it goes from 00:00 to 23:59',
        f'{path}:3: remind: "7" has no unit: write 7d for days or 7h for hours',
        f'{path}:3: subscriber: "asha" is listed in {crowd.config}:6: change them there, or write another name',
        f'{path}:3: titles: no title is called "Balard": did you mean Ballard?',
        f'{path}:4: timezone: "IST" is not one zone: write its name, such as Asia/Kolkata',
        f"{path}:4: subscriber: a name is 1 to 80 letters, digits and signs, without a line break",
        f'{path}:4: channel: "screen" has its own address: leave `address` empty, or write {{address}} in its URL',
        f"{path}:4: titles: nothing is written: name the titles, with ; between them, or write * for all",
        f"{path}:5: at: the sending hour 22:00 lies inside the quiet hours 21:00-08:00",
        f'{path}:5: channel: there is no channel "boot": did you mean bot?',
        f'{path}:6: "good" is already on line 2, with other settings',
        f'{path}:7: channel: "bot" needs an address: write it under `address`',
        f'{path}:8: "GOOD" is already on line 2, as "good": write both alike if that is one person, else another name',
        f"{path}:9: there are 12 fields, and 8 columns: put a text with , in it in quotes",
    ]
    assert exported(crowd) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("subscriber,tittles\n", "unknown column 'tittles', did you mean titles?"),
        ("subscriber,at\n", "the column 'titles' is missing: add it"),
        ('{"subscriber": "a", "titles": ["Ballard"], "adress": "1"}\n', "unknown key 'adress', did you mean address?"),
        ('{"subscriber": "a", "titles": [["Ballard"]], "address": 1}\n', "titles: one text stands here"),
        ('{"subscriber": "a", "titles": "*", "address": 1}\n[1]\n', "2: a line holds one subscriber"),
        ('{"subscriber": "a", "titles": "*", "address": 1}\n{"subscr\n', "2: this line is not JSON"),
        ('subscriber,titles,address\n"a,*,1\n', "this is not a line of CSV"),
    ],
)
def test_a_file_of_the_wrong_shape_is_told_what_to_write(crowd: Shell, text: str, words: str) -> None:
    status, said = brought_in(crowd, text, "people.txt")
    assert status == 2
    assert words in said


def test_a_file_that_is_not_text_is_told_by_its_line(crowd: Shell) -> None:
    (crowd.home / "p.csv").write_bytes(b"subscriber,titles,address\na,*,1\nb\xff,*,2\n")
    found = crowd.run("import", str(crowd.home / "p.csv"))
    assert (found.status, "p.csv:3: this is not UTF-8 text" in found.err) == (2, True)


SPREADSHEETS = {
    "commas at the end": b"subscriber,address,titles,,,\nsam,1,*,,,\nmira,2,Ballard,,,,,\n,,,\n",
    "sep=;": b"sep=;\r\nsubscriber;address;titles\r\nsam;1;*\r\nmira;2;Ballard\r\n",
    "lines above": b"Members\nas of today,,\n\nsubscriber,address,titles\nsam,1,*\nmira,2,Ballard\n",
    "a mark and a mac": b"\xef\xbb\xbfsubscriber,address,titles\rsam,1,*\rmira,2,Ballard\r",
    "UTF-16": "subscriber\taddress\ttitles\r\nsam\t1\t*\r\nmira\t2\tBallard\r\n".encode("utf-16"),
    "spaces that do not break": "subscriber,address,titles\nsam\u00a0,\u00a01,*\nmira,2,\u202fBallard\n".encode(),
    "other order and case": b"Titles,ADDRESS, Subscriber \n*,1,sam\nBallard,2,mira\n",
    "a list in JSON": b'[{"subscriber": "sam", "address": 1, "titles": "*"},\n {"subscriber": "mira", "address": "2", "titles": ["Ballard"]}]',
    "objects over lines": b'{\n  "subscriber": "sam",\n  "address": 1, "titles": "*"\n}\n{\n  "subscriber": "mira", "address": 2,\n "titles": ["Ballard"]}\n',
    "an object around them": b'{"subscribers": [{"subscriber": "sam", "address": 1, "titles": "*"},\n{"subscriber": "mira", "address": 2, "titles": "Ballard"}]}',
}


@pytest.mark.parametrize("raw", SPREADSHEETS.values(), ids=SPREADSHEETS)
def test_people_are_read_as_spreadsheets_and_programs_write_them(crowd: Shell, raw: bytes) -> None:
    (crowd.home / "p.csv").write_bytes(raw)
    found = crowd.run("import", str(crowd.home / "p.csv"))
    assert (found.status, "2 people added" in found.err) == (0, True), found.err
    assert [(row["subscriber"], row["address"]) for row in exported(crowd)] == [("sam", "1"), ("mira", "2")]
    assert "2 as they were" in crowd.run("import", str(crowd.home / "p.csv")).err


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"subscriber;address;titles\nsam;1;*\nmira;1,23457E+11;*\n", 3),
        (b"subscriber,address,titles\nsam,1,*\nmira,1.23457e+11,*\n", 3),
        (b'sep=;\nsubscriber;address;titles\nsam;"4,9E+12";*\n', 3),
        (b'{"subscriber": "sam", "address": 1.23457E+11, "titles": "*"}\n', 1),
        (b'[\n{"subscriber": "sam", "address": "1E+11", "titles": "*"}]', 2),
    ],
)
def test_a_number_that_a_spreadsheet_has_shortened_is_refused_with_its_line(
    crowd: Shell, raw: bytes, line: int
) -> None:
    (crowd.home / "p.csv").write_bytes(raw)
    found = crowd.run("import", str(crowd.home / "p.csv"))
    assert found.status == 2
    assert f"p.csv:{line}: address: " in found.err
    assert "a spreadsheet has shortened" in found.err
    assert exported(crowd) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"subscriber,titles\r\n" + b"x" * 300_000,
        b'subscriber,titles\n"' + b"[" * 300_000,
        b'[{"subscriber": ' + b"[" * 50_000,
        b'{"subscriber": "a", ',
        "subscriber\ttitles\nsam\t*\n".encode("utf-16")[:-1],
        b"\0subscriber,titles\n\0\n",
        b"subscriber",
    ],
)
def test_a_broken_file_of_people_is_refused_without_a_traceback(crowd: Shell, raw: bytes) -> None:
    (crowd.home / "p.csv").write_bytes(raw)
    found = crowd.run("import", str(crowd.home / "p.csv"))
    assert found.status == 2
    assert "p.csv" in found.err
    assert "Traceback" not in found.err


def test_json_lines_are_the_same_in_other_clothes(crowd: Shell) -> None:
    lines = [
        {"subscriber": "ravi", "address": 123, "titles": ["Ballard"], "remind": {"premiere": ["7d"]}, "at": "20:00"},
        {"subscriber": "mira", "address": "@m", "titles": "*", "remind": ["1d"], "notices": [], "digest": None},
    ]
    status, said = brought_in(crowd, "".join(json.dumps(line) + "\n" for line in lines), "people.jsonl")
    assert status == 0, said
    ravi, mira = exported(crowd)
    assert ravi["remind"] == {"premiere": ["7d"], "episode": ["day"], "finale": ["day"]}
    assert (mira["notices"], mira["address"]) == ("none", "@m")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('\n\n{"subscriber": "ravi", "adress": "1", "titles": "*"}\n', 3),
        ('\n[{"subscriber": "ravi", "adress": "1", "titles": "*"}]\n', 2),
        ('\n \n{\n"subscriber": "ravi", "adress": "1", "titles": "*"}\n', 3),
        ("\nsubscriber,adress,titles\nravi,1,*\n", 2),
    ],
)
def test_empty_lines_above_people_change_neither_form_nor_numbers(crowd: Shell, text: str, line: int) -> None:
    (crowd.home / "p.txt").write_text(text)
    found = crowd.run("import", str(crowd.home / "p.txt"))
    assert found.status == 2
    assert f"p.txt:{line}: " in found.err
    assert "adress" in found.err


def test_dry_run_only_looks(crowd: Shell) -> None:
    assert brought_in(crowd, PEOPLE, "people.csv", "--dry-run") == (0, "people.csv: 3 rows, all valid.\n")
    assert not crowd.database.exists()


def test_json_says_what_was_done(crowd: Shell) -> None:
    (crowd.home / "p.csv").write_text(PEOPLE)
    assert crowd.run("import", str(crowd.home / "p.csv"), "--json").json() == {
        "kind": "subscribers",
        "rows": 3,
        "resumed_at": 0,
        "added": 3,
        "changed": 0,
        "same": 0,
        "subscriptions_begun": 7,
        "subscriptions_changed": 0,
    }


NOW = datetime(2025, 6, 28, 6, tzinfo=UTC)


class PowerCut(Exception):
    """The import is cut here."""


def test_an_import_that_was_cut_goes_on_where_it_was(crowd: Shell, tmp_path: Path) -> None:
    count = 2 * CHUNK + 10
    file = tmp_path / "many.csv"
    rows = "".join(f"p{number},{number},Ballard\n" for number in range(count))
    file.write_text(f"subscriber,address,titles\n{rows}")
    app = crowd.app
    with app.changing_store() as store:
        cut = PeopleImport(store=store, config=app.config, file=PeopleFile(path=file))
        with store.read() as tx:
            assert cut.check(tx) == count

        def power_cut(read: int) -> None:
            if read > file.stat().st_size * 0.9:
                raise PowerCut

        cut.step = power_cut
        with pytest.raises(PowerCut):
            cut.load(NOW)
    found = crowd.run("import", str(file), "--json").json()
    assert (found["rows"], found["resumed_at"], found["added"], found["same"]) == (count, CHUNK, CHUNK + 10, 0)
    assert len(exported(crowd)) == count
    assert crowd.run("import", str(file), "--json").json()["resumed_at"] == 0


def test_addresses_are_judged_once_and_anew_where_the_file_has_changed_since(crowd: Shell, tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    judged: list[str] = []

    def judge(_: object, address: str) -> str | None:
        judged.append(address)
        return "it is bad" if address == "bad" else None

    app = crowd.app
    with app.changing_store() as store:
        for changed in (False, True):
            file.write_text("subscriber,address,titles\na,1,*\nb,2,*\n")
            work = PeopleImport(store=store, config=app.config, file=PeopleFile(path=file), judge=judge)
            with store.read() as tx:
                assert work.check(tx) == 2
            if changed:
                file.write_text("subscriber,address,titles\na,1,*\nb,bad,*\n")
                with pytest.raises(WrongInput, match=r'p.csv:3: .* cannot send to "bad": it is bad'):
                    work.load(NOW)
            else:
                assert work.load(NOW).counts.added == 2
                assert judged == ["1", "2"]


def test_a_file_that_changes_while_it_is_brought_in_is_told(crowd: Shell, tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("subscriber,address,titles\na,1,*\n")
    app = crowd.app
    with app.changing_store() as store:
        work = PeopleImport(store=store, config=app.config, file=PeopleFile(path=file))
        with store.read() as tx:
            work.check(tx)
        file.write_text("subscriber,address,titles\nb,1,*\n")
        with pytest.raises(WrongInput, match="was changed while"):
            work.load(NOW)


@pytest.mark.parametrize(
    ("first", "people"),
    [
        ("subscriber,titles\n", True),
        ('"Titles";"Subscriber"\n', True),
        ('{"subscriber": "a"}\n', True),
        ("Const,Created,Modified,Description,Title\n", False),
        ("title,season\n", False),
        ("Arrow\nSubscriber\n", False),
        ("subscriber\nsam\n", True),
        ("members,of\n\nTitles;Subscriber\n", True),
        ('{\n  "subscriber": "a"}\n', True),
        ('[{"subscriber": "a"}]\n', True),
        ('[{"movie": {}}]\n', False),
        ('{"title": "a"}\n', False),
        ("", False),
    ],
)
def test_files_of_people_are_told_from_lists_of_titles_by_what_is_in_them(
    tmp_path: Path, first: str, people: bool
) -> None:
    file = tmp_path / "file"
    file.write_text(first)
    assert holds_people(file) is people


def test_titles_with_a_semicolon_survive_a_field() -> None:
    assert split_titles(join_titles(["Steins;Gate", "Silo"])) == ["Steins;Gate", "Silo"]
    assert split_titles(" ; ") == []


# what reaches them


def living(shell: Shell) -> None:
    brought_in(shell)
    shell.sweep()


def arrived(shell: Shell) -> set[tuple[str, str]]:
    """Return (address, subject) of what went over the bot."""
    urls = [(given.channel.url, given.words.subject) for given in shell.transport.sent if given.channel.name == "bot"]
    return {(url.reveal().rpartition("/")[2], subject) for url, subject in urls if url is not None}


def test_each_gets_it_at_their_own_address_at_their_own_hour(crowd: Shell) -> None:
    living(crowd)
    crowd.at("2025-07-02T03:30:00Z").sweep()
    assert arrived(crowd) == {("%40mira", "Ballard premieres in 7 days")}
    crowd.at("2025-07-03T00:00:00Z").sweep()
    assert ("123", "Ballard premieres in 7 days") in arrived(crowd)


def test_who_blocks_the_bot_is_parked_alone_and_the_rest_go_on(crowd: Shell) -> None:
    living(crowd)
    crowd.transport = FakeTransport().always("bot", lambda channel, _words, _ref: _refused_by(channel, "%40mira"))
    crowd.at("2025-07-03T00:00:00Z").sweep()
    rows = {row["subscriber"]: row for row in crowd.run("history", "--channel", "bot", "--json").json()}
    assert (rows["mira"]["state"], rows["mira"]["reason"]) == ("retrying", BLOCKED.reason)
    assert rows["ravi"]["state"] == "sent"
    health = crowd.run("health", "--json").json()
    (bot,) = [channel for channel in health["channels"] if channel["channel"] == "bot"]
    assert (bot["ok"], bot["refused"]) == (True, 1)
    crowd.transport = FakeTransport()
    crowd.at("2025-07-03T00:30:00Z").sweep()
    assert arrived(crowd) == set()
    crowd.at("2025-07-03T01:30:00Z").sweep()
    assert arrived(crowd) == {("%40mira", "Ballard premieres in 6 days")}
    assert all(channel["refused"] == 0 for channel in crowd.run("health", "--json").json()["channels"])


def _refused_by(channel: object, address: str) -> Sent | Failure:
    url = getattr(channel, "url", None)
    return BLOCKED if url is not None and url.reveal().endswith(address) else Sent(detail="ok")


def test_a_bot_whose_token_is_dead_is_parked_for_all_and_the_operator_hears_of_it(crowd: Shell) -> None:
    living(crowd)
    crowd.transport = FakeTransport().always("bot", BOTS)
    crowd.at("2025-07-03T00:00:00Z").sweep()
    (bot,) = [row for row in crowd.run("health", "--json").json()["channels"] if row["channel"] == "bot"]
    assert (bot["ok"], bot["refused"]) == (False, 0)
    assert [given.channel.name for given in crowd.transport.sent if "bot" in given.words.subject] == ["screen"]


def test_the_url_is_not_in_the_database_nor_in_what_is_printed(crowd: Shell) -> None:
    living(crowd)
    crowd.at("2025-07-02T03:30:00Z").sweep()
    printed = "".join(crowd.run(*words).out for words in (["history", "--json"], ["export"], ["health", "--json"]))
    assert "123456789:token" not in printed
    assert b"123456789:token" not in crowd.database.read_bytes()


def test_commands_know_who_is_imported(crowd: Shell) -> None:
    living(crowd)
    coming = crowd.run("plan", "--subscriber", "ravi", "--json").json()
    assert {row["subscriber"] for row in coming} == {"ravi"}
    assert {row["subscriber"] for row in crowd.run("plan", "--json").json()} == {"asha"}
    assert crowd.run("plan", "--subscriber", "nobody").status == 2


# forget


def test_a_person_is_forgotten_whole(crowd: Shell) -> None:
    living(crowd)
    crowd.at("2025-07-02T03:30:00Z").sweep()
    found = crowd.run("forget", "mira", "--yes")
    assert found.err == "mira is forgotten: 2 subscriptions, 1 messages, 1 deliveries.\n"
    assert [row["subscriber"] for row in exported(crowd)] == ["ravi", "noor"]
    assert b"@mira" not in crowd.database.read_bytes()
    assert crowd.run("forget", "mira", "--yes").status == 2


def test_without_a_terminal_nobody_is_forgotten_unasked(crowd: Shell) -> None:
    living(crowd)
    found = crowd.run("forget", "mira")
    assert (found.status, "`reminder forget mira --yes` removes without asking" in found.err) == (2, True)
    assert len(exported(crowd)) == 3


def test_whom_the_config_lists_is_taken_out_of_it_first(crowd: Shell) -> None:
    living(crowd)
    found = crowd.run("forget", "asha", "--yes")
    assert found.err == f'{crowd.config}:6:3: "asha" is listed here: take them out of the config first\n'
    assert found.status == 2


# What a spreadsheet would compute


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ('=HYPERLINK("http://evil","x")', '\'=HYPERLINK("http://evil","x")'),
        ("@SUM(1)", "'@SUM(1)"),
        ("@mira", "'@mira"),
        ("+1-2", "'+1-2"),
        ("-2+3|cmd", "'-2+3|cmd"),
        ("'=1", "''=1"),
        ("-1001234567890", "-1001234567890"),
        ("+491711234567", "+491711234567"),
        ("'quoted'", "'quoted'"),
        ("anna", "anna"),
        ("", ""),
    ],
)
def test_a_cell_that_a_spreadsheet_would_compute_is_text_there_and_itself_when_read_back(text: str, cell: str) -> None:
    assert to_cell(text) == cell
    assert from_cell(cell) == text


def test_an_export_carries_no_formula_and_is_read_back_as_it_was(crowd: Shell) -> None:
    people = 'subscriber,channel,address,titles\n"=cmd|calc!A0",bot,@SUM_1,*\n"-x",bot,-100123,Ballard\n'
    assert brought_in(crowd, people)[0] == 0
    before, file = exported(crowd), crowd.home / "out.csv"
    crowd.run("export", str(file))
    cells = [cell.strip('"') for line in file.read_text().splitlines() for cell in line.split(",")]
    assert [cell for cell in cells if cell[:1] in "=+@" and cell] == []
    assert "'=cmd|calc!A0" in cells
    for row in before:
        crowd.run("forget", str(row["subscriber"]), "--yes")
    assert crowd.run("import", str(file)).status == 0
    assert sorted(exported(crowd), key=str) == sorted(before, key=str)
