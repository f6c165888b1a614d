"""The plan: what is due, to come, expired, not owed or settled, each with its reason (SPEC 2, 4 and 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reminder.core.model.digest import Digest, Every
from reminder.core.model.drop import Drop, Pace
from reminder.core.model.entities import ChannelUse, Follow, Kind, Role
from reminder.core.model.lead import Lead
from reminder.core.model.ledger import Reason, RecordedMessage, State
from reminder.core.schedule.moments import without_moment
from reminder.core.schedule.plan import Planned, PlanVerdict
from tests.support.rules import Life, a_title, at, lived, person, quiet

BEGAN = at("2025-06-01 10:00")
LA_MIDNIGHT = "2025-07-09T00:00-07:00"
MONDAYS = Digest(every=Every.WEEKLY, weekday=0)


def moments(life: Life, now: datetime = BEGAN) -> dict[str, str]:
    """Return each rung's moment as the person's clock shows it."""
    local = life.sub.subscriber.local
    return {item.moment.what: f"{local(item.moment.due_at):%m-%d %H:%M}" for item in life.plan(now).planned}


def verdicts(life: Life, now: datetime) -> dict[str, PlanVerdict]:
    return {item.moment.what: item.verdict for item in life.plan(now).planned}


def rung(life: Life, what: str, now: datetime) -> Planned:
    (found,) = [item for item in life.plan(now).planned if item.moment.what == what]
    return found


LADDERS = [
    ("the default", "July 9, 2025", None, {}, {"7d": "07-02 09:00", "1d": "07-08 09:00", "day": "07-09 09:00"}),
    ("weeks and release", "July 9, 2025", ["2w", "release"], {}, {"14d": "06-25 09:00", "release": "07-09 09:00"}),
    ("an instant's release", LA_MIDNIGHT, ["day", "release"], {}, {"day": "07-09 09:00", "release": "07-09 12:30"}),
    ("hours", LA_MIDNIGHT, ["12h", "45m", "+2h"], {}, {"720m": "07-09 00:30", "45m": "07-09 11:45", "+120m": "07-09 14:30"}),
    ("after it", "July 9, 2025", ["+1d", "+1w"], {}, {"+1d": "07-10 09:00", "+7d": "07-16 09:00"}),
    ("the evening before", LA_MIDNIGHT, ["1d", "day"], {"zone": "Pacific/Honolulu"}, {"1d": "07-07 09:00", "day": "07-08 09:00"}),
    ("the same evening", LA_MIDNIGHT, ["day", "release"], {"zone": "Pacific/Auckland"}, {"day": "07-09 09:00", "release": "07-09 19:00"}),
    ("over a clock change", "November 3, 2025", ["7d", "day"], {"zone": "America/New_York"}, {"7d": "10-27 09:00", "day": "11-03 09:00"}),
    ("in a gap", "March 9, 2025", ["day"], {"zone": "America/New_York", "at": time(2, 30)}, {"day": "03-09 03:00"}),
    ("quiet at night", LA_MIDNIGHT, ["12h", "day"], {"quiet": quiet("22:00-08:00")}, {"720m": "07-09 08:00", "day": "07-09 09:00"}),
    ("a month", "July 2025", None, {}, {"window": "07-01 09:00"}),
    ("a quarter", "Q3 2025", None, {}, {"window": "07-01 09:00"}),
    ("spring", "spring 2026", None, {}, {"window": "03-01 09:00"}),
    ("summer", "summer 2025", None, {}, {"window": "06-01 09:00"}),
    ("fall", "fall 2025", None, {}, {"window": "09-01 09:00"}),
    ("a year", "2026", None, {}, {}),
    ("no date", None, None, {}, {}),
    ("only notices", "July 9, 2025", [], {}, {}),
    ("only notices of a month", "July 2025", [], {}, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("when", "ladder", "who", "expected"), [row[1:] for row in LADDERS], ids=[row[0] for row in LADDERS]
)
def test_the_moments_of_a_ladder(
    when: str | None, ladder: list[str] | None, who: dict[str, Any], expected: dict[str, str]
) -> None:
    life = Life(a_title(when=when), person(**who), began=at("2025-01-01 00:00"), ladder=ladder)

    assert moments(life, at("2025-01-01 00:00")) == expected


WEEKLY = [
    ("all leads of the week ahead", "July 9, 2025", ["7d", "1d", "day"], {"7d": "06-30", "1d": "07-07", "day": "07-07"}),
    ("the premiere is on the day of the digest", "July 7, 2025", ["1d", "day"], {"1d": "06-30", "day": "07-07"}),
    ("a lead after the release waits for the next", "July 9, 2025", ["+1d"], {"+1d": "07-14"}),
]  # fmt: skip


@pytest.mark.parametrize(("when", "ladder", "expected"), [row[1:] for row in WEEKLY], ids=[row[0] for row in WEEKLY])
def test_a_weekly_digest_looks_ahead(when: str, ladder: list[str], expected: dict[str, str]) -> None:
    life = Life(a_title(when=when), person(digest=MONDAYS), began=BEGAN, ladder=ladder)

    assert moments(life) == {what: f"{day} 09:00" for what, day in expected.items()}


def test_hour_leads_and_windows_wait_for_no_digest() -> None:
    life = Life(a_title(when=LA_MIDNIGHT), person(digest=MONDAYS), began=BEGAN, ladder=["12h", "release"])
    month = Life(a_title(when="July 2025"), person(digest=MONDAYS), began=BEGAN)

    assert moments(life) == {"720m": "07-09 00:30", "release": "07-09 12:30"}
    assert moments(month) == {"window": "07-01 09:00"}


def test_who_began_after_the_digest_gets_the_lead_on_its_own_day() -> None:
    life = Life(a_title(when="July 9, 2025"), person(digest=MONDAYS), began=at("2025-07-07 10:00"))

    assert lived(life, [], "2025-08-01 00:00", start="2025-07-07 10:00") == [
        "07-08 09:00 reminder 1d",
        "07-09 09:00 reminder day",
    ]


def test_a_date_set_after_the_digest_gets_its_leads_on_their_own_days() -> None:
    life = Life(a_title(when=None), person(digest=MONDAYS), began=BEGAN)

    assert lived(life, [("2025-07-01 10:00", "July 5, 2025")], "2025-08-01 00:00") == [
        "07-02 09:00 announced",
        "07-04 09:00 reminder 1d",
        "07-05 09:00 reminder day",
    ]


def test_hour_leads_have_no_moment_on_a_plain_day_and_no_lead_has_one_once_it_is_cancelled() -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN, ladder=["7d", "12h", "+2h"])
    assert [str(lead) for lead in without_moment(life.sub, life.story.releases[0].release)] == ["12h", "+2h"]

    life.is_cancelled(BEGAN)
    assert [str(lead) for lead in without_moment(life.sub, life.story.releases[0].release)] == ["7d", "12h", "+2h"]


def test_the_leads_of_each_role_come_from_its_own_ladder() -> None:
    season = a_title(when="July 9, 2025", episodes=3, drop=Drop(pace=Pace.WEEKLY))
    life = Life(season, began=BEGAN)

    rungs = [(item.moment.role, item.moment.what) for item in life.plan(BEGAN).planned]

    assert rungs == [
        (Role.PREMIERE, "7d"),
        (Role.PREMIERE, "1d"),
        (Role.PREMIERE, "day"),
        (Role.EPISODE, "day"),
        (Role.FINALE, "day"),
    ]


def test_who_follows_the_finale_has_the_premieres_ladder_for_it() -> None:
    season = a_title(when="July 9, 2025", episodes=3, drop=Drop(pace=Pace.WEEKLY), follow=Follow.FINALE)

    assert moments(Life(season, began=BEGAN)) == {"7d": "07-16 09:00", "1d": "07-22 09:00", "day": "07-23 09:00"}


def test_what_had_passed_when_the_subscription_began_is_not_owed() -> None:
    life = Life(a_title(when="July 9, 2025"), began=at("2025-07-02 09:01"))

    passed = rung(life, "7d", at("2025-07-02 09:01"))

    assert (passed.verdict, passed.reason) == (PlanVerdict.NOT_OWED, Reason.SUBSCRIBED_LATER)
    assert lived(life, [], "2025-08-01 00:00", start="2025-07-02 09:01") == [
        "07-08 09:00 reminder 1d",
        "07-09 09:00 reminder day",
    ]


def test_who_began_at_the_very_moment_is_owed_it() -> None:
    life = Life(a_title(when="July 9, 2025"), began=at("2025-07-02 09:00"))

    assert life.sent(at("2025-07-02 09:00")) == [(Kind.REMINDER, "7d")]


def test_a_lead_added_late_owes_nothing_that_had_passed() -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN, ladder=["10d", "7d", "2d"])
    added = at("2025-07-03 10:00")
    life.sub = replace(life.sub, since={(Role.PREMIERE, "7d"): added, (Role.PREMIERE, "2d"): added})

    assert rung(life, "7d", added).reason is Reason.ADDED_LATER
    assert rung(life, "2d", added).verdict is PlanVerdict.TO_COME


def test_a_lead_added_late_is_sent_for_a_date_that_moves_further_off() -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN, ladder=["7d"])
    life.sub = replace(life.sub, since={(Role.PREMIERE, "7d"): at("2025-07-03 10:00")})

    assert lived(life, [("2025-07-04 10:00", "July 20, 2025")], "2025-08-01 00:00", start="2025-07-03 10:00") == [
        "07-05 09:00 moved",
        "07-13 09:00 reminder 7d",
    ]


def test_a_channel_added_late_gets_what_comes_after_it() -> None:
    channels = (ChannelUse(name="mail"), ChannelUse(name="phone", since_at=at("2025-07-05 10:00")))
    life = Life(a_title(when="July 9, 2025"), person(channels=channels), began=BEGAN)

    late = life.sweep(at("2025-07-06 10:00"))
    soon = life.sweep(at("2025-07-08 09:00"))

    assert [item.channels for item in late] == [("mail",)]
    assert [item.channels for item in soon] == [("mail", "phone")]


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Honolulu", "Pacific/Kiritimati"])
@pytest.mark.parametrize("hour", [time(6), time(9), time(21)])
def test_another_zone_or_hour_repeats_nothing(zone: str, hour: time) -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN)
    before = lived(life, [], "2025-07-02 09:01")
    life.person_becomes(zone=ZoneInfo(zone), at=hour)

    after = life.through(at("2025-07-02 09:01"), at("2025-08-01 00:00"))

    assert before == ["07-02 09:00 reminder 7d"]
    assert [lead for _, _, lead in after] == ["1d", "day"]


def test_what_is_past_by_another_hour_and_unsent_goes_at_once() -> None:
    life = Life(a_title(when="July 9, 2025"), person(at=time(20)), began=BEGAN)
    assert not life.sent(at("2025-07-02 12:00"))

    life.person_becomes(at=time(9))

    assert life.sent(at("2025-07-02 12:01")) == [(Kind.REMINDER, "7d")]


def test_what_is_past_in_another_zone_and_unsent_goes_at_once() -> None:
    life = Life(a_title(when="July 9, 2025"), person(zone="Pacific/Honolulu"), began=BEGAN)
    life.person_becomes(zone=ZoneInfo("Pacific/Kiritimati"))

    assert life.sent(at("2025-07-02 10:00", "Pacific/Kiritimati")) == [(Kind.REMINDER, "7d")]


def test_an_instant_that_is_another_day_after_a_move_across_the_ocean_repeats_nothing() -> None:
    """In Kolkata the day's instant was no news; in Honolulu it is the evening before, and the 7 days were told."""
    life = Life(a_title(when="July 9, 2025"), began=BEGAN)
    before = lived(life, [("2025-07-02 10:00", LA_MIDNIGHT)], "2025-07-02 11:00")
    life.person_becomes(zone=ZoneInfo("Pacific/Honolulu"))

    after = life.through(at("2025-07-02 11:00"), at("2025-08-01 00:00"))

    assert before == ["07-02 09:00 reminder 7d"]
    assert [lead for _, _, lead in after] == ["1d", "day"]


def test_an_instant_within_the_same_day_closes_no_more_than_the_day_did() -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN)
    lived(life, [("2025-07-03 10:00", LA_MIDNIGHT)], "2025-07-03 10:01")

    assert verdicts(life, at("2025-07-03 10:01")) == {
        "7d": PlanVerdict.RECORDED,
        "1d": PlanVerdict.TO_COME,
        "day": PlanVerdict.TO_COME,
    }


USES = [
    ("a day, to its local end and grace", "July 9, 2025", "7d", "2025-07-12 00:00"),
    ("an instant, and grace", LA_MIDNIGHT, "7d", "2025-07-11 12:30"),
    ("its own moment after the release, and grace", "July 9, 2025", "+1w", "2025-07-18 09:00"),
    ("a window, to its end", "July 2025", "window", "2025-08-01 00:00"),
]


@pytest.mark.parametrize(("when", "what", "until"), [row[1:] for row in USES], ids=[row[0] for row in USES])
def test_how_long_a_message_is_useful(when: str, what: str, until: str) -> None:
    life = Life(a_title(when=when), began=BEGAN, ladder=["7d", "+1w"])
    what = Lead.parse(what).key if what != "window" else what

    assert rung(life, what, at(until)).verdict is PlanVerdict.DUE
    assert rung(life, what, at(until) + timedelta(seconds=1)).verdict is PlanVerdict.EXPIRED


def test_nothing_is_decided_in_quiet_hours() -> None:
    life = Life(a_title(when="July 9, 2025"), person(quiet=quiet("22:00-08:00")), began=BEGAN)

    late = life.plan(at("2025-07-06 23:00"))

    assert not late.with_verdict(PlanVerdict.DUE, PlanVerdict.EXPIRED)
    assert late.next_due_at == at("2025-07-07 08:00")
    assert not life.sweep(at("2025-07-06 23:00"))
    assert life.sent(at("2025-07-07 08:00")) == [(Kind.REMINDER, "7d")]


def test_a_change_in_quiet_hours_keeps_what_it_overtook_for_its_notice() -> None:
    life = Life(
        a_title(when="2025-07-10T22:30+05:30"), person(quiet=quiet("22:00-08:00")), began=BEGAN, ladder=["24h", "1h"]
    )
    life.moves("2025-07-10T23:30+05:30", at("2025-07-09 23:45"))

    assert verdicts(life, at("2025-07-09 23:50")) == {"1440m": PlanVerdict.BEFORE_CHANGE, "60m": PlanVerdict.TO_COME}
    assert life.sent(at("2025-07-10 08:00")) == [(Kind.MOVED, None)]


def test_a_plan_with_nothing_to_come_never_looks_again() -> None:
    assert Life(a_title(when=None), began=BEGAN).plan(BEGAN).next_due_at is None
    assert Life(a_title(when="2026"), began=BEGAN).plan(BEGAN).next_due_at is None


@pytest.mark.parametrize("state", [State.SENT, State.FAILED, State.EXPIRED, State.SUPERSEDED, State.RETRYING])
def test_a_key_once_decided_stays_decided_when_the_date_comes_back(state: State) -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN)
    life.sweep(at("2025-07-02 09:00"))
    life.story = replace(life.story, recorded=(replace(life.story.recorded[0], state=state),))
    life.moves("July 20, 2025", at("2025-07-02 10:00"))
    life.moves("July 9, 2025", at("2025-07-02 11:00"))

    assert rung(life, "7d", at("2025-07-02 11:00")).verdict is PlanVerdict.RECORDED


def test_a_skip_closes_no_key_once_the_date_comes_back() -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN)
    life.sweep(at("2025-07-02 09:00"), arrives=False)
    skipped = replace(life.story.recorded[0], id=7, state=State.SKIPPED, closed_at=at("2025-07-02 10:00"))
    life.story = replace(life.story, recorded=(skipped,))
    assert rung(life, "7d", at("2025-07-02 10:00")).verdict is PlanVerdict.RECORDED
    life.is_cancelled(at("2025-07-02 10:00"))
    life.moves("July 9, 2025", at("2025-07-02 11:00"))

    again = [item for item in life.sweep(at("2025-07-02 11:00")) if item.lead == "7d"]

    assert [(item.channels, item.reopens) for item in again] == [(("mail",), 7)]


def lost(state: State, **over: Any) -> RecordedMessage:
    return RecordedMessage(
        **{
            "id": 1,
            "ref": (None, 1),
            "what": "day",
            "kind": Kind.REMINDER,
            "planned": a_title(when="July 9, 2025").premiere,
            "change_no": 0,
            "at": at("2025-07-09 09:00"),
            "decided_at": at("2025-07-09 09:00"),
            "useful_until": at("2025-07-12 00:00"),
            "state": state,
            "closed_at": at("2025-07-12 00:30"),
            **over,
        }
    )


def with_ledger(*lines: RecordedMessage) -> Life:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN, ladder=["day"])
    life.story = replace(life.story, recorded=lines)
    return life


MISSES = [
    ("expired", [lost(State.EXPIRED)], True),
    ("tried until its use was over", [lost(State.FAILED)], True),
    ("refused at once: the message's own fault", [lost(State.FAILED, closed_at=at("2025-07-09 09:01"))], True),
    ("refused at once, and another message went on the day", [lost(State.FAILED, closed_at=at("2025-07-09 09:01")), lost(State.SENT, what="1d", sent_at=at("2025-07-09 10:00"))], False),
    ("still on its way", [lost(State.RETRYING, closed_at=None)], False),
    ("skipped: muted", [lost(State.SKIPPED)], False),
    ("another message went on the day", [lost(State.EXPIRED), lost(State.SENT, what="1d", sent_at=at("2025-07-09 00:00"))], False),
    ("another message went the day before", [lost(State.EXPIRED), lost(State.SENT, what="1d", sent_at=at("2025-07-08 23:59"))], True),
    ("told already", [lost(State.EXPIRED), lost(State.SENT, what="missed", kind=Kind.MISSED, sent_at=at("2025-07-13 09:00"))], False),
    ("told already, and lost again", [lost(State.EXPIRED), lost(State.EXPIRED, what="missed", kind=Kind.MISSED)], False),
    ("lost before this subscription", [lost(State.EXPIRED, decided_at=at("2025-05-01 00:00"))], False),
    ("lost for another date", [lost(State.SENT, sent_at=at("2025-07-08 09:00")), lost(State.EXPIRED, what="7d", planned=a_title(when="July 1, 2025").premiere)], False),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "is_missed"), [row[1:] for row in MISSES], ids=[row[0] for row in MISSES])
def test_what_counts_as_missed(lines: list[RecordedMessage], *, is_missed: bool) -> None:
    life = with_ledger(*lines)
    if lines[-1].planned != life.sub.title.premiere:
        life.moves("July 2, 2025", BEGAN)
        life.moves("July 9, 2025", BEGAN)
        life.sub = replace(life.sub, noticed_no=2)

    assert bool(life.plan(at("2025-07-14 10:00")).missed) is is_missed


@pytest.mark.parametrize(
    ("now", "is_told"),
    [("2025-07-12 00:31", True), ("2025-08-08 23:59", True), ("2025-08-09 00:00", False)],
)
def test_missed_is_told_up_to_thirty_days_after_the_release(now: str, *, is_told: bool) -> None:
    assert bool(with_ledger(lost(State.EXPIRED)).sent(at(now))) is is_told


@pytest.mark.parametrize(
    ("ladder", "closed_at", "told_at"),
    [
        (["7d"], "2025-07-02 15:00", "2025-07-10 09:00"),
        (["day"], "2025-07-09 15:00", "2025-07-10 09:00"),
        (["7d", "day"], "2025-07-02 15:00", None),  # the day's own says it
        (["day", "+1d"], "2025-07-09 15:00", None),
    ],
)
def test_what_failed_by_its_own_fault_is_told_after_the_release_unless_a_later_lead_says_it(
    ladder: list[str], closed_at: str, told_at: str | None
) -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN, ladder=ladder)
    failed = lost(State.FAILED, what=ladder[0], at=at(closed_at), closed_at=at(closed_at))
    life.story = replace(life.story, recorded=(failed,))
    told = [now for now, kind, _ in life.through(at(closed_at), at("2025-07-30 00:00")) if kind is Kind.MISSED]
    assert told == ([at(told_at)] if told_at else [])


def test_missed_is_told_once() -> None:
    life = with_ledger(lost(State.EXPIRED))

    assert life.sent(at("2025-07-14 10:00")) == [(Kind.MISSED, None)]
    assert life.plan(at("2025-07-14 10:01")).next_due_at is None


def test_nothing_is_missed_of_what_lost_its_date() -> None:
    life = with_ledger(lost(State.EXPIRED))
    life.is_cancelled(at("2025-07-13 10:00"))

    assert not life.plan(at("2025-07-14 10:00")).missed


def test_an_episode_listed_after_it_was_out_is_not_missed() -> None:
    life = Life(a_title(when="July 9, 2025"), began=BEGAN)
    lived(life, [], "2025-07-25 10:00")
    life.becomes(a_title(when="July 9, 2025", episodes=4, drop=Drop(pace=Pace.WEEKLY)), at("2025-07-25 10:00"))

    assert lived(life, [], "2025-08-10 00:00", start="2025-07-25 10:00") == ["07-30 09:00 reminder day"]


def test_the_next_season_under_an_id_reaches_the_channel_that_takes_no_notices() -> None:
    channels = (ChannelUse(name="mail"), ChannelUse(name="phone", only=frozenset({"premiere"})))
    life = Life(a_title(when="July 9, 2025", season=1), person(channels=channels), began=BEGAN)
    life.becomes(a_title(when="July 8, 2026", season=2), at("2026-07-03 10:00"))

    gone = {item.lead: item.channels for item in life.sweep(at("2026-07-04 09:00"))}

    assert gone == {None: ("mail",), "7d": ("phone",)}
