"""Stories of a household as one table: what is written and what happens, and every message that each person gets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

import pytest

from tests.support.family import BERLIN, Family, live


def ballard(premiere: str = "2026-07-09", more: str = "") -> str:
    """Return a config that watches one title."""
    return f"watch: [{{title: Ballard, premiere: '{premiere}'{', ' + more if more else ''}}}]"


def phone(name: str, url: str = "json://127.0.0.1:9/u") -> str:
    """Return the head of a config with one channel."""
    return f"{BERLIN}channels: {{{name}: '{url}'}}\n"


TWO = BERLIN + "channels: {anna: json://127.0.0.1:9/a, ben: json://127.0.0.1:9/b}\n"
BOTH = "subscribers: {anna: {channels: [anna]}, ben: {channels: [ben]}}\n"
UNTIL = "2026-08-25 12:00"

STORIES = [
    Family(
        name="503 for 20 minutes at the hour",
        config=ballard("2026-07-09 12:00 Europe/Berlin", "remind: [release]"),
        steps=[
            ("2026-07-09 11:59", "off", ""),
            ("2026-07-09 12:20", "on", ""),
        ],
        until=UNTIL,
        gets=("2026-07-09 12:20 Ballard is out (since 12:00 PM)",),
    ),
    Family(
        name="off for 30 hours",
        config=ballard("2026-07-09 12:00 Europe/Berlin", "remind: [release]"),
        steps=[
            ("2026-07-09 11:59", "off", ""),
            ("2026-07-10 18:00", "on", ""),
        ],
        until=UNTIL,
        gets=("2026-07-10 18:00 Ballard came out yesterday",),
    ),
    Family(
        name="off for 50 hours, an instant and a day",
        config=(
            "watch: [{title: Ballard, premiere: '2026-07-09 12:00 Europe/Berlin', remind: "
            "[release]}, {title: Show, premiere: 2026-07-09, remind: [day]}]"
        ),
        steps=[
            ("2026-07-09 08:59", "off", ""),
            ("2026-07-11 14:00", "on", ""),
        ],
        until=UNTIL,
        gets=(
            "2026-07-11 14:00 Show came out 2 days ago",
            "2026-07-11 14:00 While I was away: Ballard came out on July 9",
        ),
    ),
    Family(
        name="off for 5 days",
        config=ballard("2026-07-09 12:00 Europe/Berlin", "remind: [release]"),
        steps=[
            ("2026-07-09 11:59", "off", ""),
            ("2026-07-14 12:00", "on", ""),
        ],
        until=UNTIL,
        gets=("2026-07-14 12:00 While I was away: Ballard came out on July 9",),
    ),
    Family(
        name="off for 40 days",
        config=ballard("2026-07-09 12:00 Europe/Berlin", "remind: [release]"),
        steps=[
            ("2026-07-09 11:59", "off", ""),
            ("2026-08-18 12:00", "on", ""),
        ],
        until=UNTIL,
        gets=(),
    ),
    Family(
        name="503 once for one of two",
        base=TWO,
        config=BOTH + ballard(),
        steps=[
            ("2026-07-02 08:00", "down", "anna"),
            ("2026-07-02 09:00", "well", "anna"),
        ],
        until="2026-07-05 12:00",
        gets=(
            "2026-07-02 09:00 anna/anna: Ballard premieres in 7 days",
            "2026-07-02 09:00 ben/ben: Ballard premieres in 7 days",
        ),
    ),
    Family(
        name="moved after its push",
        config=ballard(),
        steps=[
            ("2026-07-02 12:00", "edit", ballard("2026-07-16")),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-03 09:00 Ballard moved from July 9 to July 16, 2026",
            "2026-07-09 09:00 Ballard premieres in 7 days",
            "2026-07-15 09:00 Ballard premieres tomorrow",
            "2026-07-16 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="moved to tomorrow",
        config=ballard("2026-08-20"),
        steps=[
            ("2026-07-08 12:40", "edit", ballard()),
        ],
        until=UNTIL,
        gets=(
            "2026-07-08 12:40 Ballard moved from August 20 to July 9, 2026",
            "2026-07-09 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="moved to today",
        config=ballard("2026-08-20"),
        steps=[
            ("2026-07-09 12:40", "edit", ballard()),
        ],
        until=UNTIL,
        gets=("2026-07-09 12:40 Ballard moved from August 20 to July 9, 2026",),
    ),
    Family(
        name="moved to this evening",
        config=ballard("2026-08-20"),
        steps=[
            ("2026-07-09 12:40", "edit", ballard("2026-07-09 20:00 Europe/Berlin")),
        ],
        until=UNTIL,
        gets=("2026-07-09 12:40 Ballard moved from August 20 to July 9, 2026",),
    ),
    Family(
        name="moved to this morning",
        config=ballard("2026-08-20"),
        steps=[
            ("2026-07-09 12:40", "edit", ballard("2026-07-09 10:00 Europe/Berlin")),
        ],
        until=UNTIL,
        gets=("2026-07-09 12:40 Ballard moved from August 20 to July 9, 2026",),
    ),
    Family(
        name="one day, in Auckland and Los Angeles",
        base=TWO,
        config="subscribers: {anna: {channels: [anna], timezone: Pacific/Auckland}, ben: {channels: [ben], timezone: America/Los_Angeles}}\n"
        + ballard("2026-07-09", "remind: [day]"),
        until=UNTIL,
        gets=(
            "2026-07-08 23:00 anna/anna: Ballard is out today",
            "2026-07-09 18:00 ben/ben: Ballard is out today",
        ),
    ),
    Family(
        name="a year, a month, a season, nothing",
        config=(
            "watch: [{title: A, premiere: '2027'}, {title: B, premiere: 2026-08}, {title: C, "
            "premiere: fall 2026}, {title: D, premiere: TBA}]"
        ),
        until="2026-12-01 12:00",
        gets=(
            "2026-08-01 09:00 B is expected in August 2026; no day is known yet",
            "2026-09-01 09:00 C is expected sometime in fall 2026; no day is known yet",
        ),
    ),
    Family(
        name="leads, hour and quiet hours of one's own",
        config=(
            "at: 07:30\nquiet_hours: 22:00-07:00\nwatch: [{title: Ballard, premiere: '2026-07-09 "
            "01:30 Europe/Berlin', remind: [2w, 3d, 12h, release, +1d]}]"
        ),
        until=UNTIL,
        gets=(
            "2026-06-25 07:30 Ballard premieres in 14 days",
            "2026-07-06 07:30 Ballard premieres in 3 days",
            "2026-07-08 13:30 Ballard premieres in 12 hours, tomorrow at 1:30 AM",
            "2026-07-09 07:00 Ballard is out (since 1:30 AM)",
            "2026-07-10 07:30 Ballard came out yesterday",
        ),
    ),
    Family(
        name="a channel renamed while the machine is off",
        base=phone("phone"),
        config=ballard(),
        steps=[
            ("2026-07-08 12:00", "off", ""),
            ("2026-07-09 11:00", "edit", phone("mobile") + ballard()),
            ("2026-07-09 12:00", "on", ""),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 me/phone: Ballard premieres in 7 days",
            "2026-07-08 09:00 me/phone: Ballard premieres tomorrow",
            "2026-07-09 12:00 me/mobile: Ballard is out today",
        ),
    ),
    Family(
        name="a dead channel replaced",
        base=phone("telegram"),
        config=ballard(),
        steps=[
            ("2026-07-09 08:00", "dead", "telegram"),
            ("2026-07-09 12:00", "edit", phone("signal", "json://127.0.0.1:9/v") + ballard()),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 me/telegram: Ballard premieres in 7 days",
            "2026-07-08 09:00 me/telegram: Ballard premieres tomorrow",
            "2026-07-09 12:00 me/signal: Ballard is out today",
        ),
    ),
    Family(
        name="a notice whose channel is replaced",
        base=phone("telegram"),
        config=ballard(),
        steps=[
            ("2026-07-03 12:00", "dead", "telegram"),
            ("2026-07-03 12:01", "edit", ballard("2026-09-09")),
            ("2026-07-04 12:00", "edit", phone("signal", "json://127.0.0.1:9/v") + ballard("2026-09-09")),
        ],
        until="2026-09-20 12:00",
        gets=(
            "2026-07-02 09:00 me/telegram: Ballard premieres in 7 days",
            "2026-07-04 12:00 me/signal: Ballard moved from July 9 to September 9, 2026",
            "2026-09-02 09:00 me/signal: Ballard premieres in 7 days",
            "2026-09-08 09:00 me/signal: Ballard premieres tomorrow",
            "2026-09-09 09:00 me/signal: Ballard is out today",
        ),
    ),
    Family(
        name="a title spelt right while its message retries",
        config="watch: [{title: Balard, premiere: 2026-07-09}]",
        steps=[
            ("2026-07-09 08:00", "down", "mail"),
            ("2026-07-09 12:00", "edit", ballard()),
            ("2026-07-09 12:01", "well", "mail"),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Balard premieres in 7 days",
            "2026-07-08 09:00 Balard premieres tomorrow",
            "2026-07-09 12:.. Ballard is out today",
        ),
    ),
    Family(
        name="a title spelt right while the machine is off",
        config="watch: [{title: Balard, premiere: 2026-07-09}]",
        steps=[
            ("2026-07-08 12:00", "off", ""),
            ("2026-07-09 11:00", "edit", ballard()),
            ("2026-07-09 12:00", "on", ""),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Balard premieres in 7 days",
            "2026-07-08 09:00 Balard premieres tomorrow",
            "2026-07-09 12:00 Ballard is out today",
        ),
    ),
    Family(
        name="a person renamed while the message retries",
        base=phone("phone"),
        config="subscribers: {mum: {channels: [phone]}}\n" + ballard(),
        steps=[
            ("2026-07-09 08:00", "down", "phone"),
            ("2026-07-09 12:00", "edit", "subscribers: {anna: {channels: [phone]}}\n" + ballard()),
            ("2026-07-09 12:01", "well", "phone"),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 mum/phone: Ballard premieres in 7 days",
            "2026-07-08 09:00 mum/phone: Ballard premieres tomorrow",
            "2026-07-09 12:.. anna/phone: Ballard is out today",
        ),
    ),
    Family(
        name="a person renamed while the machine is off",
        base=phone("phone"),
        config="subscribers: {mum: {channels: [phone]}}\n" + ballard(),
        steps=[
            ("2026-07-08 12:00", "off", ""),
            ("2026-07-09 11:00", "edit", "subscribers: {anna: {channels: [phone]}}\n" + ballard()),
            ("2026-07-09 12:00", "on", ""),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 mum/phone: Ballard premieres in 7 days",
            "2026-07-08 09:00 mum/phone: Ballard premieres tomorrow",
            "2026-07-09 12:00 anna/phone: Ballard is out today",
        ),
    ),
    Family(
        name="given a season together with a new date",
        config=ballard(),
        steps=[
            ("2026-07-03 12:00", "edit", ballard("2026-07-16", "season: 6")),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-04 09:00 Ballard season 6 moved from July 9 to July 16, 2026",
            "2026-07-09 09:00 Ballard season 6 premieres in 7 days",
            "2026-07-15 09:00 Ballard season 6 premieres tomorrow",
            "2026-07-16 09:00 Ballard season 6 is out today",
        ),
    ),
    Family(
        name="given an id, another spelling and a new date",
        config=ballard(),
        steps=[
            ("2026-07-03 12:00", "edit", "watch: [{title: Ballard, id: bal, premiere: 2026-07-16}]"),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-04 09:00 Ballard moved from July 9 to July 16, 2026",
            "2026-07-09 09:00 Ballard premieres in 7 days",
            "2026-07-15 09:00 Ballard premieres tomorrow",
            "2026-07-16 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="a dead only channel is told to the operator",
        base=("timezone: Europe/Berlin\nchannels: {phone: json://127.0.0.1:9/p, gran: json://127.0.0.1:9/g}\n"),
        config=(
            "operator: me\nsubscribers: {me: {channels: [phone]}, gran: {channels: [gran]}}\nwatch:"
            " [{title: Ballard, premiere: '2026-07-09'}]"
        ),
        steps=[
            ("2026-07-01 12:00", "dead", "gran"),
        ],
        until="2026-07-12 12:00",
        gets=(
            "2026-07-02 09:00 me/phone: Ballard premieres in 7 days",
            "2026-07-02 09:00 me/phone: Channel gran is not working",
            "2026-07-08 09:00 me/phone: Ballard premieres tomorrow",
            "2026-07-09 09:00 me/phone: Ballard is out today",
        ),
    ),
    Family(
        name="the finale joined with the part before",
        config=(
            "watch: [{title: Ballard, follow: finale, drop: [{episodes: 1, premiere: 2026-07-08},"
            " {episodes: 1, premiere: 2026-07-25}, {episodes: 1, premiere: 2026-07-29}], remind: "
            "[7d, 1d, day]}]"
        ),
        steps=[
            (
                "2026-07-23 12:00",
                "edit",
                (
                    "watch: [{title: Ballard, follow: finale, drop: [{episodes: 1, premiere: 2026-07-08},"
                    " {episodes: 2, premiere: 2026-07-25}], remind: [7d, 1d, day]}]"
                ),
            ),
        ],
        until="2026-08-05 12:00",
        gets=(
            "2026-07-22 09:00 The finale of Ballard comes out in 7 days",
            "2026-07-24 09:00 The finale of Ballard moved from July 29 to July 25, 2026",
            "2026-07-25 09:00 The finale of Ballard is out today",
        ),
    ),
    Family(
        name="two of four parts joined, of which nothing was heard",
        config="watch: [{title: Ballard, episodes: 4, drop: weekly, premiere: 2026-07-01}]",
        steps=[
            (
                "2026-07-10 12:00",
                "edit",
                (
                    "watch: [{title: Ballard, drop: [{episodes: 1, premiere: 2026-07-01}, {episodes: 1, "
                    "premiere: 2026-07-08}, {episodes: 2, premiere: 2026-07-15}]}]"
                ),
            ),
        ],
        until="2026-08-05 12:00",
        gets=(
            "2026-06-24 09:00 Ballard premieres in 7 days",
            "2026-06-30 09:00 Ballard premieres tomorrow",
            "2026-07-01 09:00 Ballard is out today",
            "2026-07-08 09:00 Ballard episode 2 is out today",
            "2026-07-15 09:00 The finale of Ballard is out today",
        ),
    ),
    Family(
        name="six days of a daily show at once",
        config=(
            "watch: [{title: Daily, episodes: 6, drop: daily, premiere: 2026-07-01, remind: "
            "{premiere: [day], episode: [day], finale: [day]}}]"
        ),
        steps=[
            ("2026-06-30 12:00", "off", ""),
            ("2026-07-07 12:00", "on", ""),
        ],
        until="2026-08-05 12:00",
        gets=(
            "2026-07-07 12:00 Daily episode 5 came out 2 days ago",
            "2026-07-07 12:00 The finale of Daily came out yesterday",
            "2026-07-07 12:00 While I was away: Daily came out on July 1",
            "2026-07-07 12:00 While I was away: Daily episode 2 came out on July 2",
            "2026-07-07 12:00 While I was away: Daily episode 3 came out on July 3",
            "2026-07-07 12:00 While I was away: Daily episode 4 came out on July 4",
        ),
    ),
    Family(
        name="a new token under the same name",
        base=phone("phone"),
        config=ballard(),
        steps=[
            ("2026-07-02 08:00", "dead", "phone"),
            ("2026-07-02 12:00", "well", "phone"),
            ("2026-07-02 12:00", "edit", phone("phone", "json://127.0.0.1:9/new") + ballard()),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 12:00 me/phone: Ballard premieres in 7 days",
            "2026-07-08 09:00 me/phone: Ballard premieres tomorrow",
            "2026-07-09 09:00 me/phone: Ballard is out today",
        ),
    ),
    Family(
        name="removed and back the same evening",
        config=ballard(),
        steps=[
            ("2026-07-03 12:00", "edit", "watch: []"),
            ("2026-07-03 20:00", "edit", ballard()),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-08 09:00 Ballard premieres tomorrow",
            "2026-07-09 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="removed and back after five days",
        config=ballard(),
        steps=[
            ("2026-07-02 12:00", "edit", "watch: []"),
            ("2026-07-07 20:00", "edit", ballard()),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-08 09:00 Ballard premieres tomorrow",
            "2026-07-09 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="removed and back three days after it is out",
        config=ballard(),
        steps=[
            ("2026-07-09 12:00", "edit", "watch: []"),
            ("2026-07-12 20:00", "edit", ballard()),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-08 09:00 Ballard premieres tomorrow",
            "2026-07-09 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="by command, removed and added with another date",
        config="watch: []",
        steps=[
            ("2026-06-21 12:00", "add", "Ballard, 2026-07-09"),
            ("2026-07-03 12:00", "remove", "Ballard"),
            ("2026-07-03 12:05", "add", "Ballard, 2026-07-16"),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-04 09:00 Ballard moved from July 9 to July 16, 2026",
            "2026-07-09 09:00 Ballard premieres in 7 days",
            "2026-07-15 09:00 Ballard premieres tomorrow",
            "2026-07-16 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="Berlin, Tokyo, Los Angeles in mid-countdown",
        config=ballard(),
        steps=[
            ("2026-07-03 12:00", "edit", "subscribers: {me: {timezone: Asia/Tokyo}}\n" + ballard()),
            ("2026-07-08 12:00", "edit", "subscribers: {me: {timezone: America/Los_Angeles}}\n" + ballard()),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-08 02:00 Ballard premieres tomorrow",
            "2026-07-09 18:00 Ballard is out today",
        ),
    ),
    Family(
        name="Auckland to Honolulu after it was told",
        config="subscribers: {me: {timezone: Pacific/Auckland}}\n" + ballard(),
        steps=[
            ("2026-07-09 02:00", "edit", "subscribers: {me: {timezone: Pacific/Honolulu}}\n" + ballard()),
        ],
        until=UNTIL,
        gets=(
            "2026-07-01 23:00 Ballard premieres in 7 days",
            "2026-07-07 23:00 Ballard premieres tomorrow",
            "2026-07-08 23:00 Ballard is out today",
        ),
    ),
    Family(
        name="the hour put off after the message",
        config=ballard(),
        steps=[
            ("2026-07-09 12:00", "edit", "at: 20:00\n" + ballard()),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-08 09:00 Ballard premieres tomorrow",
            "2026-07-09 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="the hour brought forward before the message",
        config="at: 20:00\n" + ballard(),
        steps=[
            ("2026-07-09 12:00", "edit", ballard()),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 20:00 Ballard premieres in 7 days",
            "2026-07-08 20:00 Ballard premieres tomorrow",
            "2026-07-09 12:00 Ballard is out today",
        ),
    ),
    Family(
        name="one of two is out of the config for ten days",
        base=TWO,
        config=BOTH + ballard(),
        steps=[
            ("2026-07-03 12:00", "edit", "subscribers: {anna: {channels: [anna]}}\n" + ballard()),
            ("2026-07-13 12:00", "edit", BOTH + ballard()),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 anna/anna: Ballard premieres in 7 days",
            "2026-07-02 09:00 ben/ben: Ballard premieres in 7 days",
            "2026-07-08 09:00 anna/anna: Ballard premieres tomorrow",
            "2026-07-09 09:00 anna/anna: Ballard is out today",
        ),
    ),
    Family(
        name="a person added the day before",
        base=TWO,
        config="subscribers: {anna: {channels: [anna]}}\n" + ballard(),
        steps=[
            ("2026-07-08 12:00", "edit", BOTH + ballard()),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 anna/anna: Ballard premieres in 7 days",
            "2026-07-08 09:00 anna/anna: Ballard premieres tomorrow",
            "2026-07-09 09:00 anna/anna: Ballard is out today",
            "2026-07-09 09:00 ben/ben: Ballard is out today",
        ),
    ),
    Family(
        name="put off three times in a week, withdrawn, dated for tomorrow",
        config=ballard(),
        steps=[
            ("2026-07-03 12:00", "edit", ballard("2026-07-20")),
            ("2026-07-05 12:00", "edit", ballard("2026-07-25")),
            ("2026-07-07 12:00", "edit", ballard("2026-08-01")),
            ("2026-07-10 12:00", "edit", ballard("TBA")),
            ("2026-07-15 12:00", "edit", ballard("2026-07-16")),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-04 09:00 Ballard moved from July 9 to July 20, 2026",
            "2026-07-06 09:00 Ballard moved from July 20 to July 25, 2026",
            "2026-07-08 09:00 Ballard moved from July 25 to August 1, 2026",
            "2026-07-11 09:00 Ballard no longer has a date: August 1 was withdrawn; no new date is known",
            "2026-07-15 12:00 Ballard now has a date: Thursday, July 16, 2026, tomorrow",
            "2026-07-16 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="cancelled, on again, cancelled",
        config=ballard("2026-07-20"),
        steps=[
            ("2026-07-14 12:00", "edit", ballard("2026-07-20", "cancelled: true")),
            ("2026-07-16 12:00", "edit", ballard("2026-07-20")),
            ("2026-07-18 12:00", "edit", ballard("2026-07-20", "cancelled: true")),
        ],
        until=UNTIL,
        gets=(
            "2026-07-13 09:00 Ballard premieres in 7 days",
            "2026-07-15 09:00 Ballard has been cancelled",
            "2026-07-17 09:00 Ballard is on again: Monday, July 20, 2026, in 3 days",
            "2026-07-19 09:00 Ballard has been cancelled",
        ),
    ),
    Family(
        name="a day becomes an hour, in Berlin and Honolulu",
        base=TWO,
        config="subscribers: {anna: {channels: [anna]}, ben: {channels: [ben], timezone: Pacific/Honolulu}}\n"
        + ballard(),
        steps=[
            (
                "2026-07-03 12:00",
                "edit",
                "subscribers: {anna: {channels: [anna]}, ben: {channels: [ben], timezone: Pacific/Honolulu}}\n"
                + ballard("2026-07-09 09:00 Europe/Berlin"),
            ),
        ],
        until="2026-07-12 12:00",
        gets=(
            "2026-07-02 09:00 anna/anna: Ballard premieres in 7 days",
            "2026-07-02 21:00 ben/ben: Ballard premieres in 7 days",
            "2026-07-03 21:00 ben/ben: Ballard moved from July 9 to July 8, 2026",
            "2026-07-07 21:00 ben/ben: Ballard premieres tomorrow at 9:00 PM",
            "2026-07-08 09:00 anna/anna: Ballard premieres tomorrow at 9:00 AM",
            "2026-07-08 21:00 ben/ben: Ballard premieres today at 9:00 PM",
            "2026-07-09 09:00 anna/anna: Ballard is out (since 9:00 AM)",
        ),
    ),
    Family(
        name="moved to the evening before",
        config=ballard(),
        steps=[
            ("2026-07-08 12:00", "edit", ballard("2026-07-08 23:00 Europe/Berlin")),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-08 09:00 Ballard premieres tomorrow",
            "2026-07-08 12:00 Ballard moved from July 9 to July 8, 2026",
        ),
    ),
    Family(
        name="an hour that the clock change skips",
        begins="2026-03-20 12:00",
        config=ballard("2026-03-29 02:30 Europe/Berlin", "remind: [24h, 1h, release]"),
        until="2026-04-10 12:00",
        gets=(
            "2026-03-28 02:00 Ballard premieres in 24 hours, tomorrow at 3:00 AM",
            "2026-03-29 01:00 Ballard premieres in 1 hour, at 3:00 AM",
            "2026-03-29 03:00 Ballard is out (since 3:00 AM)",
        ),
    ),
    Family(
        name="weekly with a break",
        config="watch: [{title: Ballard, episodes: 4, drop: weekly, premiere: 2026-07-01}]",
        steps=[
            (
                "2026-07-09 12:00",
                "edit",
                (
                    "watch: [{title: Ballard, drop: [{episodes: 1, premiere: 2026-07-01}, {episodes: 1, "
                    "premiere: 2026-07-08}, {episodes: 1, premiere: 2026-07-29}, {episodes: 1, premiere: "
                    "2026-08-05}]}]"
                ),
            ),
        ],
        until=UNTIL,
        gets=(
            "2026-06-24 09:00 Ballard premieres in 7 days",
            "2026-06-30 09:00 Ballard premieres tomorrow",
            "2026-07-01 09:00 Ballard is out today",
            "2026-07-08 09:00 Ballard episode 2 is out today",
            "2026-07-10 09:00 Ballard episode 3 moved from July 15 to July 29, 2026",
            "2026-07-29 09:00 Ballard episode 3 is out today",
            "2026-08-05 09:00 The finale of Ballard is out today",
        ),
    ),
    Family(
        name="given parts after its first lead, and taken them",
        config=ballard(),
        steps=[
            ("2026-07-03 12:00", "edit", ballard("2026-07-09", "episodes: 4, drop: weekly")),
            ("2026-07-04 12:00", "edit", ballard("2026-07-09", "episodes: 4, drop: all")),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-08 09:00 Ballard premieres tomorrow",
            "2026-07-09 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="nine shows on one day, of which one moves",
        config=(
            "watch: [{title: Show 0, premiere: 2026-07-09, remind: [1d]}, {title: Show 1, "
            "premiere: 2026-07-09, remind: [1d]}, {title: Show 2, premiere: 2026-07-09, remind: "
            "[1d]}, {title: Show 3, premiere: 2026-07-09, remind: [1d]}, {title: Show 4, "
            "premiere: 2026-07-09, remind: [1d]}, {title: Show 5, premiere: 2026-07-09, remind: "
            "[1d]}, {title: Show 6, premiere: 2026-07-09, remind: [1d]}, {title: Show 7, "
            "premiere: 2026-07-09, remind: [1d]}, {title: Show 8, premiere: 2026-07-09, remind: "
            "[1d]}]"
        ),
        steps=[
            (
                "2026-07-08 12:00",
                "edit",
                (
                    "watch: [{title: Show 0, premiere: 2026-07-09, remind: [1d]}, {title: Show 1, "
                    "premiere: 2026-07-09, remind: [1d]}, {title: Show 2, premiere: 2026-07-09, remind: "
                    "[1d]}, {title: Show 3, premiere: 2026-07-09, remind: [1d]}, {title: Show 4, "
                    "premiere: 2026-07-20, remind: [1d]}, {title: Show 5, premiere: 2026-07-09, remind: "
                    "[1d]}, {title: Show 6, premiere: 2026-07-09, remind: [1d]}, {title: Show 7, "
                    "premiere: 2026-07-09, remind: [1d]}, {title: Show 8, premiere: 2026-07-09, remind: "
                    "[1d]}]"
                ),
            ),
        ],
        until=UNTIL,
        gets=(
            "2026-07-08 09:00 9 reminders: Show 0, Show 1 and 7 more",
            "2026-07-08 12:00 Show 4 moved from July 9 to July 20, 2026",
            "2026-07-19 09:00 Show 4 premieres tomorrow",
        ),
    ),
    Family(
        name="two parts on one day",
        config=(
            "watch: [{title: Ballard, season: 1, premiere: 2026-07-09, remind: [day]}, {title: "
            "Ballard, season: 2, premiere: 2026-07-09, remind: [day]}]"
        ),
        until=UNTIL,
        gets=(
            "2026-07-09 09:00 Ballard season 1 is out today",
            "2026-07-09 09:00 Ballard season 2 is out today",
        ),
    ),
    Family(
        name="a laptop opened every four days",
        config=ballard(),
        steps=[
            ("2026-06-21 12:00", "off", ""),
            ("2026-06-29 10:00", "on", ""),
            ("2026-06-29 11:00", "off", ""),
            ("2026-07-03 10:00", "on", ""),
            ("2026-07-03 11:00", "off", ""),
            ("2026-07-07 10:00", "on", ""),
            ("2026-07-07 11:00", "off", ""),
            ("2026-07-11 10:00", "on", ""),
            ("2026-07-11 11:00", "off", ""),
            ("2026-07-15 10:00", "on", ""),
        ],
        until=UNTIL,
        gets=(
            "2026-07-03 10:00 Ballard premieres in 6 days",
            "2026-07-11 10:00 Ballard came out 2 days ago",
        ),
    ),
    Family(
        name="the same news twice on one day",
        config=ballard(),
        steps=[
            ("2026-07-03 12:00", "off", ""),
            ("2026-07-09 08:59", "on", ""),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-09 08:59 Ballard is out today",
        ),
    ),
    Family(
        name="the same news twice on one day, in the middle of the night and in two zones",
        base=TWO,
        config="subscribers: {anna: {channels: [anna]}, ben: {channels: [ben], timezone: America/New_York}}\n"
        + ballard(),
        steps=[
            ("2026-07-03 12:00", "off", ""),
            ("2026-07-09 00:30", "on", ""),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 anna/anna: Ballard premieres in 7 days",
            "2026-07-02 15:00 ben/ben: Ballard premieres in 7 days",
            "2026-07-09 00:30 anna/anna: Ballard is out today",
            "2026-07-09 00:30 ben/ben: Ballard premieres tomorrow",
            "2026-07-09 15:00 ben/ben: Ballard is out today",
        ),
    ),
    Family(
        name="a slip corrected days later",
        config=ballard(),
        steps=[
            ("2026-06-22 12:00", "edit", ballard("2026-07-19")),
            ("2026-06-22 12:05", "correct", "Ballard"),
        ],
        until=UNTIL,
        gets=(
            "2026-07-12 09:00 Ballard premieres in 7 days",
            "2026-07-18 09:00 Ballard premieres tomorrow",
            "2026-07-19 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="a real move of the same date",
        config=ballard(),
        steps=[
            ("2026-06-22 12:00", "edit", ballard("2026-07-19")),
        ],
        until=UNTIL,
        gets=(
            "2026-06-23 09:00 Ballard moved from July 9 to July 19, 2026",
            "2026-07-12 09:00 Ballard premieres in 7 days",
            "2026-07-18 09:00 Ballard premieres tomorrow",
            "2026-07-19 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="a slip that somebody had heard of is told when it is corrected",
        config=ballard(),
        steps=[
            ("2026-07-03 12:00", "edit", ballard("2026-07-19")),
            ("2026-07-03 12:05", "correct", "Ballard"),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-04 09:00 Ballard moved from July 9 to July 19, 2026",
            "2026-07-12 09:00 Ballard premieres in 7 days",
            "2026-07-18 09:00 Ballard premieres tomorrow",
            "2026-07-19 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="killed while sending: what was on its way comes twice, and nothing is lost",
        base=TWO,
        config=BOTH + ballard(),
        steps=[
            ("2026-07-03 12:00", "off", ""),
            ("2026-07-03 12:01", "on", ""),
            ("2026-07-09 09:00", "kill", ""),
            ("2026-07-09 09:02", "on", ""),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 anna/anna: Ballard premieres in 7 days",
            "2026-07-02 09:00 ben/ben: Ballard premieres in 7 days",
            "2026-07-09 09:00 anna/anna: Ballard is out today",
            "2026-07-09 09:00 ben/ben: Ballard is out today",
            "2026-07-09 09:02 anna/anna: Ballard is out today",
            "2026-07-09 09:02 ben/ben: Ballard is out today",
        ),
    ),
    Family(
        name="a suspend over the hour",
        config=ballard(),
        steps=[
            ("2026-07-09 08:30", "sleep", ""),
            ("2026-07-09 11:30", "wake", ""),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-08 09:00 Ballard premieres tomorrow",
            "2026-07-09 11:30 Ballard is out today",
        ),
    ),
    Family(
        name="a suspend over the day",
        config=ballard(),
        steps=[
            ("2026-07-07 22:00", "sleep", ""),
            ("2026-07-10 08:00", "wake", ""),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-10 08:00 Ballard came out yesterday",
        ),
    ),
    Family(
        name="last night's backup restored at noon",
        config=ballard(),
        steps=[
            ("2026-07-08 22:00", "backup", ""),
            ("2026-07-09 12:00", "restore", ""),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-08 09:00 Ballard premieres tomorrow",
            "2026-07-09 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="last night's backup restored after a rename and a move",
        config=ballard(),
        steps=[
            ("2026-07-03 22:00", "backup", ""),
            ("2026-07-04 12:00", "edit", phone("mobile") + ballard("2026-07-16")),
            ("2026-07-05 12:00", "restore", ""),
        ],
        until="2026-07-12 12:00",
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-05 09:00 me/mobile: Ballard moved from July 9 to July 16, 2026",
            "2026-07-09 09:00 me/mobile: Ballard premieres in 7 days",
        ),
    ),
    Family(
        name="a backup of four days ago restored over a damaged database",
        config=ballard(),
        steps=[
            ("2026-07-06 22:00", "backup", ""),
            ("2026-07-10 12:00", "restore", "damaged"),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-08 09:00 Ballard premieres tomorrow",
            "2026-07-09 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="a broken config at the reload",
        config=ballard(),
        steps=[
            ("2026-07-01 12:00", "broken", ballard("9/7/2026")),
            ("2026-07-03 12:00", "edit", ballard("2026-07-16")),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-04 09:00 Ballard moved from July 9 to July 16, 2026",
            "2026-07-09 09:00 Ballard premieres in 7 days",
            "2026-07-15 09:00 Ballard premieres tomorrow",
            "2026-07-16 09:00 Ballard is out today",
        ),
    ),
    Family(
        name="apprise removed under the daemon, and back twenty minutes later",
        config=ballard(),
        steps=[
            ("2026-07-09 08:00", "removed", "mail"),
            ("2026-07-09 09:20", "well", "mail"),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-08 09:00 Ballard premieres tomorrow",
            "2026-07-09 09:.. Ballard is out today",
        ),
    ),
    Family(
        name="moved to a new machine between two messages",
        config=ballard(),
        steps=[
            ("2026-07-03 12:00", "machine", ""),
        ],
        until=UNTIL,
        gets=(
            "2026-07-02 09:00 Ballard premieres in 7 days",
            "2026-07-08 09:00 Ballard premieres tomorrow",
            "2026-07-09 09:00 Ballard is out today",
        ),
    ),
]


def is_same(line: str, wanted: str) -> bool:
    """Tell whether a line is as wanted; `..` stands for the minute of a retry."""
    return re.fullmatch(re.escape(wanted).replace(r"\.\.", r"\d\d"), line) is not None


def as_wanted(lines: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Return lines, with each that is as wanted in the spelling that is wanted."""
    return [want if is_same(line, want) else line for line, want in zip_longest(lines, wanted, fillvalue="")]


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_each_person_gets_these_messages_and_no_others(story: Family) -> None:
    world = live(story)
    lines = world.lines()
    assert as_wanted(lines, story.gets) == list(story.gets)
    assert world.unexplained() == []
    world.close()
