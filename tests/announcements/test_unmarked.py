"""Which name a text is about that marks none: no quotes, no italics, and often no word that titles stand with."""

from __future__ import annotations

from datetime import date

import pytest

from reminder.announcements.reading.announcement import read

PUBLISHED = date(2025, 5, 23)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        # It is brought up first, by somebody who does something to it.
        ("Peacock has handed a renewal to Undertow, less than a month after it debuted.", "Undertow"),
        ("Ten years ago the studio Pear Orchard shipped Mossgrove from a flat in Leeds.", "Mossgrove"),
        ("Pixel Barn has finally given Lantern Keep a proper ending, and thanked its players.", "Lantern Keep"),
        ("Can’t get enough of Love Is Mute? The reunion of the cast is on Friday.", "Love Is Mute"),
        ("Wishlist Rook & Rain on Steam today, and find us in hall 4.", "Rook & Rain"),
        ("Play Harbor Nine with three friends in the office tomorrow.", "Harbor Nine"),
        # Of two, one has a date; the first is what the text is about.
        ("Fox has canceled Quarry Lane after two seasons. The network’s Heirloom is still waiting.", "Quarry Lane"),
        (
            "Jo Vane will write and direct Glass Barn for Focus Features. Vane’s The Long Dash opens on July 9.",
            "Glass Barn",
        ),
        (
            "Ana Rhys is to direct Copper Sky for Universal Pictures. Rhys’s Night Post comes to theaters in July.",
            "Copper Sky",
        ),
        ("Mo Dent has written Paper Bridge for Orion Studios. Dent’s Low Water lands on July 9.", "Paper Bridge"),
        # People, days and numbers are none.
        ("“We are happy,” joked Vince Gallow as he presented the pilot of Plurality in Los Angeles.", "Plurality"),
        ("Nora Villa’s legal drama An Ordinary Trick has found its leads in London.", "An Ordinary Trick"),
        ("The rights to Emil Strom’s debut feature What the Sea Keeps were sold in Venice.", "What the Sea Keeps"),
        (
            "The women of Magnolia Lane meet a lawyer. It added Tisha Wren as Dr. Banks. Wren was in a play.",
            "Magnolia Lane",
        ),
        ("Dexter’s Revenge kicked off on Friday. The show is on Fridays after that.", "Dexter’s Revenge"),
        # A verb with a capital is a part of a name where the sentence is no headline.
        ("The satire Common Side Kicks wrapped its first run on Sunday.", "Common Side Kicks"),
        ("The studio says that Fable Lands is half price until December.", "Fable Lands"),
        ("The drama Harbor Returns has been filmed in Leeds since January.", "Harbor Returns"),
        ("Salt Road Returns July 9 on Hulu", "Salt Road"),
        # Small things around a name, and in it.
        ("The studio has bought the rights to Dear Mr. Abernethy after a long night.", "Dear Mr. Abernethy"),
        ("Hulu has ordered Saint Mrs. Pole, a comedy about a shop.", "Saint Mrs. Pole"),
        ("Studio Lantern’s Saint of Dust TV anime has unveiled its second picture.", "Saint of Dust"),
        ("The Iron Widow TV series has unveiled its cast.", "The Iron Widow"),
        ("Focus has slotted Other People’s Weddings for Valentine’s Day weekend.", "Other People’s Weddings"),
        ("Universal has dated The Last Orchard for Memorial Day weekend.", "The Last Orchard"),
        ("Orbit Gardener, our cosy farming sim, leaves Early Access on July 9.", "Orbit Gardener"),
        ("Die Thrillerserie Kaltwasser läuft ab dem 9. Juli auf Sky One.", "Kaltwasser"),
    ],
)
def test_a_name_without_marks_is_found(text: str, title: str) -> None:
    assert read(text, PUBLISHED).title == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The shooter Null Quarter gets an update on July 9. Patch 4.0, “Frostline”, adds a map.", "Null Quarter"),
        ("The racer Gravel Dukes grows on July 9. The second expansion, “Winter Cup”, adds snow.", "Gravel Dukes"),
        ("“Salt Road” is back. Its theme, the song “High Water”, is out on July 9.", "Salt Road"),
        ("Lionsgate Dates ‘Widow’s Creek’ For Summer 2026, Moves ‘Gunsmoke’", "Widow’s Creek"),
        ("Sony Sets ‘Night Post’ For July, Delays ‘Harbor Nine’", "Night Post"),
        ("Universal Renames ‘Low Water’ After Test", "Low Water"),
    ],
)
def test_a_name_in_marks_is_told_from_that_of_a_part_and_from_a_nickname(text: str, title: str) -> None:
    assert read(text, PUBLISHED).title == title


@pytest.mark.parametrize(
    ("text", "title", "premiere"),
    [
        (
            "New on Hulu this June\n\nJune 1: Cold Pantry, complete season 4. June 3: Paper Bears. June 9: Low Tide.",
            "Cold Pantry",
            "2025-06-01",
        ),
        ("Coming up\n\nJuly 9: “Dead Air”, season 2. July 16: “Salt Road”, the finale.", "Dead Air", "2025-07-09"),
        (
            "What’s new on Max\n\nEverything arriving on Max:\n\nJune 1: “A Fine Line” (2004), “Big Splash” (1999).\n\n"
            "June 8: “Mountain People”, season 2 premiere.",
            "Mountain People",
            "2025-06-08",
        ),
    ],
)
def test_of_a_list_of_days_the_first_that_is_new_is_proposed(text: str, title: str, premiere: str) -> None:
    found = read(text, PUBLISHED)
    assert (found.title, found.written()) == (title, premiere)
