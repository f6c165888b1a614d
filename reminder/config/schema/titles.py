"""The models of a title, and of several that share their keys."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field, Tag

from reminder.config.schema import fields
from reminder.config.schema.fields import ONE_OR_MORE
from reminder.config.schema.ladder import LadderField
from reminder.config.schema.spec import Built, Spec, TitleOption, one_form
from reminder.core.dates.spelling import EXAMPLE_YEAR
from reminder.core.dates.when import UNKNOWN
from reminder.core.model.drop import Drop, ListedDrop, Pace
from reminder.core.model.entities import Follow, TitleKind
from reminder.core.model.lead import Ladder


class DropSpec(Spec):
    """Episodes that come out together."""

    model_config = ConfigDict(title="drop")

    episodes: fields.Episodes = Field(description="How many come out.")
    premiere: fields.WhenField | None = Field(None, description="When they come out. Nothing: not known yet.")


def _drop(written: Drop | tuple[DropSpec, ...]) -> Drop:
    if isinstance(written, Drop):
        return written
    if not written:
        raise ValueError("the list is empty: write all, weekly, daily, 2 then weekly, or {episodes: N, premiere: WHEN}")
    listed = (ListedDrop(episodes=drop.episodes, premiere=drop.premiere or UNKNOWN) for drop in written)
    return Drop(pace=Pace.LISTED, listed=tuple(listed))


DropForm = Annotated[
    Annotated[fields.DropWord, Tag("~text")] | Annotated[tuple[DropSpec, ...], Tag("~list")],
    one_form("write all, weekly, daily, 2 then weekly, or a list of {episodes: N, premiere: WHEN}"),
]
DropField = Annotated[Drop, Built(DropForm, _drop)]


class FollowerSpec(Spec):
    """One person's own settings for one title."""

    model_config = ConfigDict(title="follower")

    remind: LadderField | None = Field(None, description="This person's leads for this title.")


def _followers(written: str | tuple[str, ...] | dict[str, FollowerSpec | None]) -> dict[str, Ladder | None]:
    if isinstance(written, dict):
        return {name: spec.remind if spec else None for name, spec in written.items()}
    return dict.fromkeys((written,) if isinstance(written, str) else written)


FollowersForm = Annotated[
    Annotated[fields.NameField, Tag("~text")]
    | Annotated[tuple[fields.NameField, ...], Tag("~list")]
    | Annotated[dict[fields.NameField, FollowerSpec | None], Tag("~mapping")],
    one_form("write names of subscribers, as in [asha, ravi]"),
]
FollowersField = Annotated[dict[str, Ladder | None], Built(FollowersForm, _followers)]


class EntrySpec(Spec):
    """A title to watch."""

    model_config = ConfigDict(title="title")

    title: Annotated[fields.TextField, TitleOption(0, "TEXT", "What it is called from now on.", is_for_change=True)] = (
        Field(description="What it is called.")
    )
    was: fields.TextField | None = Field(
        None, description="What it was called before: it goes on as that one, and nothing is told twice."
    )
    id: Annotated[fields.TextField | None, TitleOption(12, "TEXT", "Tells two titles of one name apart.")] = Field(
        None, description="Tells two titles of one name apart; stays when the name is corrected."
    )
    season: Annotated[fields.SeasonField | None, TitleOption(2, "N", "Which season.")] = Field(
        None, description="Which season."
    )
    premiere: Annotated[
        fields.WhenField | None,
        TitleOption(
            1,
            "WHEN",
            f'As exactly as it is known: "July 9, {EXAMPLE_YEAR}", {EXAMPLE_YEAR}-07, "Q3 {EXAMPLE_YEAR}", TBA.',
            is_date=True,
        ),
    ] = Field(None, description="When it comes out, as exactly as it is known.")
    platform: Annotated[fields.TextField | None, TitleOption(3, "TEXT", "Where it comes out.")] = Field(
        None, description="Where it comes out.", examples=["Prime Video"]
    )
    link: Annotated[fields.LinkField | None, TitleOption(10, "URL", "A web address for the message.")] = Field(
        None, description="A web address that goes into the message."
    )
    note: Annotated[fields.NoteField | None, TitleOption(11, "TEXT", "A line of your own for the message.")] = Field(
        None, description="A line of your own that goes into the message."
    )
    episodes: Annotated[fields.Episodes | None, TitleOption(4, "N", "How many episodes the season has.")] = Field(
        None, description="How many episodes the season has."
    )
    drop: Annotated[
        DropField | None,
        TitleOption(
            5,
            "HOW",
            'How they come out: all, weekly, daily, "2 then weekly".',
            words=("all", "weekly", "daily"),
            is_flow=True,
        ),
    ] = Field(None, description="How they come out. Default: all at once.")
    follow: Annotated[
        fields.FollowField | None,
        TitleOption(6, "WHAT", "Which releases to hear of: episodes, premiere or finale.", words=tuple(Follow)),
    ] = Field(None, description="Which releases to hear of. Default: episodes (all).")
    remind: Annotated[
        LadderField | None, TitleOption(7, "LEADS", "When to be told: 7d,1d,day.", is_list=True, is_flow=True)
    ] = Field(None, description="Leads for this title.")
    for_: Annotated[
        FollowersField | None,
        TitleOption(8, "NAMES", "Who is told: asha,ravi. Default: everyone.", is_list=True, is_flow=True),
    ] = Field(None, alias="for", description="Who is told. Default: everyone.")
    kind: Annotated[
        fields.TitleKindField | None,
        TitleOption(9, "KIND", "series, film, special, game or other.", words=tuple(TitleKind)),
    ] = Field(None, description="What it is; it only changes the words.")
    cancelled: Annotated[
        fields.CancelledField | None,
        TitleOption(19, "", "Whether it will not come out.", is_flag=True, is_for_change=True),
    ] = Field(None, description="It will not come out.")
    source: Annotated[
        fields.SourceField | None, TitleOption(13, "ENTRY", "Where its dates come from: tvmaze:44933, or none.")
    ] = Field(
        None, description="The entry of a source that its dates come from; none: only what is written here counts."
    )
    when: Annotated[
        fields.WhenField | None, TitleOption(14, "WHEN", "Corrects the date that the source gives.", is_date=True)
    ] = Field(None, description="Corrects the date that the source gives.")
    offset: Annotated[
        fields.OffsetField | None, TitleOption(15, "SHIFT", "Shifts the hours that the source gives: +3h.")
    ] = Field(None, description="Shifts the hours that the source gives.")
    country: Annotated[fields.CountryField | None, TitleOption(18, "CC", "Whose dates count for a film: US.")] = Field(
        None, description="Whose dates count for a film, as two letters."
    )
    kinds: Annotated[
        Annotated[tuple[fields.ReleaseKindField, ...], ONE_OR_MORE] | None,
        TitleOption(17, "KINDS", "Which releases of a film count: cinema,digital.", is_list=True),
    ] = Field(None, description="Which releases of a film count.", examples=[["cinema"], ["digital", "physical"]])
    service: Annotated[fields.TextField | None, TitleOption(16, "NAME", "The service on which you wait for it.")] = (
        Field(None, description="The service on which you wait for it.")
    )


def _without_one_title(schema: dict[str, Any]) -> None:
    """Take out of a group's description what belongs to one title alone."""
    for key in ("title", "id", "was"):
        schema["properties"].pop(key)
    schema["required"] = ["titles"]


class GroupSpec(EntrySpec):
    """Several titles that share their keys; each may have keys of its own beside them."""

    model_config = ConfigDict(title="group of titles", json_schema_extra=_without_one_title)

    titles: tuple[fields.TextField | EntrySpec, ...] = Field(
        description="The titles that have all these keys.", examples=[["Ballard", {"title": "Silo", "season": 3}]]
    )


ShortEntry = Annotated[
    dict[fields.TextField, fields.WhenField],
    Field(
        min_length=1,
        max_length=1,
        description="A title with its day.",
        examples=[{"Ballard": f"July 9, {EXAMPLE_YEAR}"}],
    ),
]
