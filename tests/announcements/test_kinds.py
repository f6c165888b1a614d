"""Others of the kinds that were once read wrong, and the fresh batches, to be read no worse than they were."""

from __future__ import annotations

from datetime import date

import pytest

from reminder.announcements.reading.announcement import read
from reminder.announcements.reading.proposal import LEAST_SURE
from reminder.announcements.reading.sentences import sentences
from tests.support.fresh import at_first_sight, every, figures, share, sureness

PUBLISHED = date(2025, 5, 23)


@pytest.mark.parametrize(
    ("text", "premiere"),
    [
        ("We have to wait until July 9 for “Dead Air”.", "2025-07-09"),
        ("Auf „Dead Air“ müssen wir noch bis zum 9. Juli warten.", "2025-07-09"),
        ("Hulu shows a trailer ahead of the July 9 debut of “Dead Air”.", "2025-07-09"),
        ("“Dead Air” moves from June 6 to July 9 and then again to August 1.", "2025-08-01"),
        ("“Dead Air” streams on Hulu on July 9, after its theatrical run on April 4.", "2025-07-09"),
        ("Today, Hulu unveiled the trailer for “Dead Air”.", None),
        ("Heute hat Netflix den Trailer zu „Dead Air“ enthüllt.", None),
        ("“Dead Air” was pulled; the network will hold the July 9 premiere. A new date will be announced.", None),
        ("“Dead Air” won't make its July 9 date.", None),
        ("“Dead Air” will miss its July 9, 2025 release date.", None),
        ("“Dead Air” will not meet the July 9 premiere that Hulu had named.", None),
        ("“Dead Air” is in theaters now. Its sequel arrives in January.", None),
        ("“Dead Air” is out. Starting June 1, subscribers can enjoy more new content.", None),
        ("Thirty Seconds to Mars made the song of “Dead Air”, and the band is on tour with it.", None),
        ("“Dead Air” premieres on Disney+ on Juneteenth.", "2025-06-19"),
    ],
)
def test_a_date_is_chosen_by_what_it_is_of(text: str, premiere: str | None) -> None:
    assert read(text, PUBLISHED).written() == premiere


@pytest.mark.parametrize(
    ("text", "premiere"),
    [
        ("Salt Road season 4 returns on Aug. 6 on Hulu.", "2026-08-06"),
        ("“Salt Road” will premiere on August 6 on Hulu.", "2026-08-06"),
        ("„Salzweg“ startet am 6. August bei Netflix.", "2026-08-06"),
    ],
)
def test_a_day_of_what_is_to_come_is_the_next_one_however_far_and_no_command_is_offered_for_it(
    text: str, premiere: str
) -> None:
    found = read(text, date(2025, 12, 1))
    assert found.written() == premiere
    assert found.confidence["premiere"] < LEAST_SURE["premiere"]


@pytest.mark.parametrize(
    "text",
    [
        "“Salt Road” premiered on August 6 on Hulu.",
        "“Salt Road”, out August 6 on Hulu, is a hit.",
        "The first season of “Salt Road” aired on August 6.",
    ],
)
def test_a_day_that_has_lately_been_is_not_the_next_one(text: str) -> None:
    assert read(text, date(2025, 12, 1)).written() is None


@pytest.mark.parametrize(
    ("text", "premiere"),
    [
        ("“Salt Road” premieres globally today, May 20, on Hulu.", None),
        ("“Salt Road” arrives tomorrow, May 24, on Hulu.", "2025-05-24"),
        ("„Salzweg“ läuft ab heute, dem 23. Mai, bei Netflix.", "2025-05-23"),
    ],
)
def test_a_day_behind_today_says_which_day_that_was(text: str, premiere: str | None) -> None:
    assert read(text, PUBLISHED).written() == premiere


@pytest.mark.parametrize(
    ("text", "premiere"),
    [
        ("Bonne nouvelle pour les fans : la saison 2 de “Salt Road” sera disponible le 9 juillet.", "2025-07-09"),
        ("Bonne nouvelle pour tous les fans de comédies : “Salt Road” arrive le 9 juillet.", "2025-07-09"),
        ("Good news for fans of the books: the series “Salt Road” starts on July 9.", "2025-07-09"),
        ("CBS shows it ahead of premiere week, which begins on October 13.", None),
        ("“Salt Road”\nSeason 8 premiere Tuesday on The CW", "2025-05-27"),
        ("SALT ROAD chega à 3ª temporada no domingo (8/6), na Netflix.", "2025-06-08"),
        ("“Salt Road” chega à Netflix na quarta-feira (9/7).", "2025-07-09"),
    ],
)
def test_who_is_called_upon_and_which_week_begins_are_told_from_what_comes(text: str, premiere: str | None) -> None:
    assert read(text, PUBLISHED).written() == premiere


@pytest.mark.parametrize(
    ("text", "title", "platform"),
    [
        ("SALT ROAD | HBO MAX\n\nThe series “Salt Road” arrives on June 6.", "Salt Road", "HBO Max"),
        ("“Salt Road” arrives on NETFLIX on June 6.", "Salt Road", "Netflix"),
        ("티빙 <소금길> 6월 6일 첫 방송\n\n6월 6일", None, None),
        ("10月4日からテレビ東京系で放送予定の『塩の道』は続編です。10月4日", None, None),
    ],
)
def test_a_service_in_capitals_is_one_and_a_date_of_the_east_is_no_title(
    text: str, title: str | None, platform: str | None
) -> None:
    found = read(text, PUBLISHED)
    assert (found.title, found.platform) == (title, platform)


@pytest.mark.parametrize(
    "sentence",
    [
        "Jury selection is scheduled to begin on July 9.",
        "Refunds start on July 9.",
        "A “Dead Air” pop-up opens in Brooklyn on July 9.",
        "The city opens its “Dead Air” roller coaster on July 9.",
        "A restored print of “Dead Air” will be shown in Paris on July 9.",
        "The quarterly call is set for July 9.",
        "Starting July 9, the ad-free plan will cost $17.99.",
        "“Dead Air” leaves Netflix on July 9.",
        "New outfits arrive in the shop on July 9.",
        "The gates open on July 9.",
        "Paramount moved its upfront presentation to July 9.",
        "We are hosting a 20-hour charity stream on July 9.",
        "Der Prozess um “Dead Air” beginnt am 9. Juli.",
        "Das Volksfest startet am 9. Juli.",
        "La huelga arranca el 9 de julio.",
        "Karten gibt es ab dem 9. Juli.",
    ],
)
def test_what_is_no_work_brings_no_date(sentence: str) -> None:
    assert read(f"A word about “Dead Air”. {sentence}", PUBLISHED).written() is None


@pytest.mark.parametrize(
    "sentence",
    [
        "The whodunnit begins on July 9.",
        "The second season of “Dead Air” opens on July 9.",
        "Starting July 9, all episodes will be on Hulu.",
        "Hulu kicks off the eight-part series on July 9.",
        "Die Krimiserie startet am 9. Juli.",
        "The show was filmed in Leeds and begins on July 9.",
        "“Dead Air”, which begins on July 9, is a comedy.",
        "La serie arranca el 9 de julio.",
        "It is set for July 9.",
    ],
)
def test_what_is_said_of_a_work_brings_its_date(sentence: str) -> None:
    assert read(f"A word about “Dead Air”. {sentence}", PUBLISHED).written() == "2025-07-09"


@pytest.mark.parametrize(
    ("text", "premiere"),
    [
        # A word that rules the date behind it says nothing of the one before it.
        ("“Dead Air” will now open on July 9, 2025 instead of June 6, 2025.", "2025-07-09"),
        ("“Dead Air” opens July 9 rather than June 6.", "2025-07-09"),
        ("„Dead Air“ läuft am 9. Juli statt am 6. Juni.", "2025-07-09"),
        ('„Dead Air" läuft am 9. und 10. Juli.', "2025-07-09"),
        # What was said of a date is spent in its own clause.
        ("“Dead Air”, originally due June 6, is set for July 9.", "2025-07-09"),
        ("The drama “Dead Air”, once planned for June 6, is confirmed for July 9; its sequel is not.", "2025-07-09"),
        ("“Dead Air”, previously dated June 6, is scheduled for July 9.", "2025-07-09"),
        # An opening in a few places comes before the wide one.
        ("“Dead Air” will go limited on July 9 before expanding nationwide on July 23.", "2025-07-09"),
        (
            "“Dead Air” will be in select UK and US cinemas from July 9, before streaming on Netflix from July 23.",
            "2025-07-09",
        ),
        ("“Dead Air” goes wide on July 9.", "2025-07-09"),
        # The occasion on which something was said is no subject.
        ("During its earnings call, Sony said the sim “Dead Air”, once for May, is now planned for July.", "2025-07"),
        ("At the convention, Sony said that “Dead Air”, a drama, is planned for July 9.", "2025-07-09"),
        ("Following the merger, the network said “Dead Air”, a drama, is set for July 9.", "2025-07-09"),
        # A slot that is taken over; a house that is left.
        ("“Dead Air” takes over on July 9.", "2025-07-09"),
        ("Harbor Law takes the 10 p.m. slot from July 9.", "2025-07-09"),
        ("“Dead Air” takes over the Wednesday slot in July.", "2025-07"),
        ("He takes over as boss on July 9. “Dead Air” is his show.", None),
        ("“Dead Air” leaves Early Access on July 9.", "2025-07-09"),
        ("“Dead Air” exits Steam Early Access on July 9.", "2025-07-09"),
        ("“Dead Air” leaves Netflix on July 9.", None),
        # Words in other languages, words in one.
        ("„Dead Air“ beginnt am 9. Juli.", "2025-07-09"),
        ("Der Prozess um „Dead Air“ beginnt am 9. Juli.", None),
        ("“Dead Air” is here. Its follow-up, July 9 or not, is a secret.", None),
        ("La messa in onda di “Dead Air” è stata rinviata all’autunno 2025.", "autumn 2025"),
        ("“Dead Air” is not far away: it launches on July 9.", "2025-07-09"),
        # Shoots, discs, reruns, and one of others in a list.
        ("Jo Vane is attached to direct “Dead Air”, with a start date of July 9 in Leeds.", None),
        ("The cameras have a start date of July 9. “Dead Air” shoots in Leeds.", None),
        ("“Dead Air” has a release date of July 9.", "2025-07-09"),
        (
            "The Criterion Collection adds a 4K edition of Aldo Marks’s “Dead Air”, out July 9, and “Salt Road”, out July 16.",
            None,
        ),
        ("There will be a special edition of “Dead Air”, available July 9.", None),
        ("There is a film called “Dead Air”, out July 9.", "2025-07-09"),
        ("“Dead Air” is off the air. Reruns of “Salt Road” will fill the slot starting July 9.", None),
        ("“Dead Air” topped the charts. The weekend’s newcomers include Salt Road, which opens on July 9.", None),
        ("“Dead Air” is out. It joins a slate that includes Salt Road, which returns on July 9.", None),
        ("The slate includes “Dead Air”, which opens on July 9.", "2025-07-09"),
        # A heading that is a name says nothing; an entry that is a list's does.
        ("“The Premiere”\n\nJuly 9.", None),
    ],
)
def test_a_date_is_what_its_own_words_say(text: str, premiere: str | None) -> None:
    assert read(text, PUBLISHED).written() == premiere


@pytest.mark.parametrize(
    ("text", "season"),
    [
        ("“Dead Air” opens on July 9. “Salt Road” was renewed for season 4.", None),
        ("“Dead Air” opens on July 9. Hulu also renewed “Salt Road” for a third season.", None),
        ("“Dead Air” opens on July 9. Salt Road has been picked up for season 2.", None),
        ("“Dead Air” was renewed for season 4. It opens on July 9.", 4),
    ],
)
def test_a_season_is_that_of_what_was_renewed(text: str, season: int | None) -> None:
    assert read(text, PUBLISHED).season == season


@pytest.mark.parametrize(
    ("sentence", "drop", "episodes"),
    [
        ("It debuts on July 9, with all six episodes.", "all", 6),
        ("It arrives on July 9 with all episodes.", "all", None),
        ("It opens on July 9, with new episodes weekly. The first five seasons are out.", "weekly", None),
        ("It opens on July 9, and two episodes a week follow.", None, None),
        ("It opens on July 9. The ten-episode season airs three episodes each Friday.", None, None),
        ("Start ist am 9. Juli. Immer mittwochs gibt es zwei neue Folgen.", None, None),
        ("Il arrive le 9 juillet, à raison de deux épisodes par semaine.", None, None),
        ("It opens on July 9, a four-episode story that airs weekly.", "weekly", 4),
        ("It opens on July 9 with two episodes, then weekly.", "2 then weekly", None),
        ("The eight-episode farewell opens on July 9, after last year’s cliffhanger.", None, 8),
    ],
)
def test_the_shape_is_that_of_the_season(sentence: str, drop: str | None, episodes: int | None) -> None:
    found = read(f"“Dead Air” is a drama. {sentence}", PUBLISHED)
    assert (found.drop, found.episodes) == (drop, episodes)


@pytest.mark.parametrize(
    ("text", "is_off"),
    [
        ("Netflix has canceled “Dead Air” after two seasons.", True),
        ("Netflix has cancelled “Dead Air”. A second season was to premiere on July 9.", True),
        ("“Dead Air” season 3 has been officially canceled at Hulu.", True),
        ("“Dead Air” was cancelled after three seasons.", True),
        ("Das ZDF setzt „Dead Air“ nach drei Staffeln ab.", True),
        ("Netflix annule la série « Dead Air » après trois saisons.", True),
        ("“Dead Air” has not been cancelled, says Hulu.", False),
        ("“Dead Air” was cancelled in 2020 and is back.", False),
        ("“Dead Air” has been postponed indefinitely.", False),
        ("“Dead Air” comes from the creator of the cancelled “Salt Road”.", False),
        ("The network cancelled its panel for “Dead Air”.", False),
        ("Netflix has cancelled the panel; “Dead Air” starts on July 9.", False),
    ],
)
def test_what_was_called_off_is_said_where_there_is_no_date_to_come(text: str, is_off: bool) -> None:
    found = read(text, PUBLISHED)
    assert (found.off is not None) is is_off
    assert found.off is None or found.off in text


def test_a_sentence_ends_before_a_title_in_italics() -> None:
    found = sentences("It opens on July 9. *Dead Air* follows. _Salt Road_ is later.")
    assert len(found) == 3


@pytest.mark.parametrize("field", ["title", "premiere"])
def test_of_what_is_offered_as_no_command_more_was_wrong_than_right(field: str) -> None:
    right, said = share(at_first_sight(field), 0, LEAST_SURE[field])
    assert said >= 10
    assert 2 * right < said


@pytest.mark.parametrize("field", ["title", "premiere"])
@pytest.mark.parametrize("form", ["text", "page"])
def test_what_is_ninety_percent_sure_is_right_nine_times_in_ten(field: str, form: str) -> None:
    right, said = share(sureness(every(), field, form), 0.9)
    assert said > 100
    assert right >= 0.9 * said


@pytest.mark.parametrize("form", ["text", "page"])
def test_the_fresh_batches_are_read_no_worse_than_they_were(form: str) -> None:
    row = figures(every(), form)
    assert row.days[0] / row.days[1] >= 0.95
    assert row.invented[0] / row.invented[1] <= 0.02
    assert row.fields["title"][0] / row.fields["title"][1] >= 0.90
    assert row.fields["platform"][0] / row.fields["platform"][1] >= 0.95
