"""The models of the config: validation, the editors' JSON Schema and tests all come from this description.

The models hold what was written; `build.py` makes of it what the program works with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field, Tag

from reminder.config import fields
from reminder.config.fields import ONE_OR_MORE
from reminder.config.parsers import parse_address, parse_name
from reminder.config.spec import Built, Spec, TitleOption, one_form
from reminder.config.spec_sources import CalendarSpec, ReadingSpec, SourcesSpec, TMDBSpec, TVmazeSpec
from reminder.core.dates.when import UNKNOWN
from reminder.core.model.entities import Drop, Follow, ListedDrop, Pace, TitleKind
from reminder.core.model.lead import KINDS, Ladder, Lead

# Leads ---------------------------------------------------------------------------------------------------------------

Leads = Annotated[tuple[fields.LeadField, ...], ONE_OR_MORE]


class LadderSpec(Spec):
    """A ladder by kind of release."""

    model_config = ConfigDict(title="leads by kind of release")

    premiere: Leads | None = Field(None, description="Leads of the premiere.")
    episode: Leads | None = Field(None, description="Leads of every later drop. Without it: day.")
    finale: Leads | None = Field(None, description="Leads of the last drop. Without it: day.")


def _ladder(written: Lead | tuple[Lead, ...] | LadderSpec) -> Ladder:
    if isinstance(written, LadderSpec):
        said = {kind: getattr(written, kind) for kind in KINDS}
        return Ladder.parse({kind: [str(lead) for lead in leads] for kind, leads in said.items() if leads is not None})
    return Ladder.parse([str(lead) for lead in ((written,) if isinstance(written, Lead) else written)])


LadderForm = Annotated[
    Annotated[fields.LeadField, Tag("~text")]
    | Annotated[tuple[fields.LeadField, ...], Tag("~list")]
    | Annotated[LadderSpec, Tag("~mapping")],
    one_form("write a list of leads, as in [7d, 1d, day]"),
]
LadderField = Annotated[Ladder, Built(LadderForm, _ladder)]


# What the top and each subscriber can say ------------------------------------------------------------------------------


class Settings(Spec):
    """Settings that hold for everyone at the top, and for one person in a subscriber; the nearest counts."""

    timezone: fields.ZoneField | None = Field(None, description="Where the person is. Default: the system's zone.")
    at: fields.AtField | None = Field(None, description="The sending hour, in that zone. Default: 09:00.")
    quiet_hours: fields.QuietField | None = Field(None, description="Nothing is sent in these hours. Default: none.")
    remind: LadderField | None = Field(
        None,
        description="When to be told: days (7d, 2w) or hours (12h, 45m) before, on the day (day), at the instant "
        "(release), after it (+1d, +2h). A plain list is the premiere's. Default: [7d, 1d, day].",
        examples=[["7d", "1d", "day"], {"premiere": ["7d", "day"], "episode": ["release"], "finale": ["1d", "day"]}],
    )
    notices: Annotated[tuple[fields.NoticeField, ...], ONE_OR_MORE] | None = Field(
        None, description="Which changes of a date to hear of. Default: all four.", examples=[["moved", "cancelled"]]
    )
    digest: fields.DigestField | None = Field(
        None, description="Collect day leads and notices into one message for the sending hour. Default: none."
    )
    burst: fields.Burst | None = Field(
        None, description="More messages than this due at once go as one; 0 for never. Default: 8."
    )
    clock: fields.ClockField | None = Field(None, description="How hours are written. Default: by locale.")
    mute: Annotated[tuple[fields.TextField, ...], ONE_OR_MORE] | None = Field(
        None, description="Titles to be silent about.", examples=[["Ballard"]]
    )


@dataclass(frozen=True, kw_only=True)
class Use:
    """A channel that a subscriber uses, with their address there if it is shared."""

    name: str
    address: str | None = None


_TO_WRITE: Final = "write the channel's name, or {NAME: ADDRESS} for one that is shared, as in {bot: 12345}"


def _use(written: str | dict[str, str]) -> Use:
    if isinstance(written, str):
        return Use(name=parse_name(written))
    if len(written) == 1:
        ((name, address),) = written.items()
        return Use(name=parse_name(name), address=parse_address(address))
    if set(written) != {"name", "address"}:
        raise ValueError(_TO_WRITE)
    return Use(name=parse_name(written["name"]), address=parse_address(written["address"]))


UseForm = Annotated[
    Annotated[fields.NameField, Tag("~text")] | Annotated[dict[str, fields.AddressField], Tag("~mapping")],
    one_form(_TO_WRITE),
]
UseField = Annotated[Use, Built(UseForm, _use)]


class SubscriberSpec(Settings):
    """A person who is told."""

    model_config = ConfigDict(title="subscriber")

    was: fields.NameField | None = Field(None, description="The name that the person had here before.")

    channels: Annotated[tuple[UseField, ...], ONE_OR_MORE] | None = Field(
        None,
        description="Names of the channels to use; with an address where it is shared. Default: every channel that is not.",
        examples=[["email", "phone"], [{"bot": "12345"}]],
    )


class ChannelSpec(Spec):
    """A channel that takes only some messages."""

    model_config = ConfigDict(title="channel")

    url: fields.ChannelUrl = Field(description="Where to send: an apprise URL, or console:// for the terminal.")
    only: Annotated[tuple[fields.OnlyField, ...], ONE_OR_MORE] | None = Field(
        None, description="What may come over it. Default: everything.", examples=[["premiere", "moved"]]
    )


# Titles ----------------------------------------------------------------------------------------------------------------


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
        TitleOption(1, "WHEN", 'As exactly as it is known: "July 9, 2025", 2025-07, "Q3 2025", TBA.', is_date=True),
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
    Field(min_length=1, max_length=1, description="A title with its day.", examples=[{"Ballard": "July 9, 2025"}]),
]


# The whole -------------------------------------------------------------------------------------------------------------


class DeliverySpec(Spec):
    """The settings of sending."""

    model_config = ConfigDict(title="delivery")

    concurrency: fields.Concurrency | None = Field(None, description="Messages on their way at once. Default: 16.")
    timeout: fields.Timeout | None = Field(None, description="How long a service may take. Default: 30s.")
    rates: dict[fields.SchemeField, fields.RateField] | None = Field(
        None, description="Messages a second, by service (telegram, discord, mail, …); 0 for no limit."
    )


class LogSpec(Spec):
    """The settings of the log."""

    model_config = ConfigDict(title="log")

    level: fields.LevelField | None = Field(None, description="Default: info.")
    format: fields.FormatField | None = Field(None, description="Default: plain.")


class TemplateSpec(Spec):
    """The words of one kind of message."""

    model_config = ConfigDict(title="template")

    subject: fields.TemplateField | None = Field(None, description="One line, in Jinja.")
    body: fields.TemplateField | None = Field(None, description="The text, in Jinja.")


class TopSpec(Settings):
    """The keys at the top beside the channels, the subscribers and the titles."""

    operator: fields.NameField | None = Field(
        None, description="The subscriber who hears of trouble with disk, clock and sources. Default: the first."
    )
    database: fields.DatabaseField | None = Field(
        None, description="A path or a postgresql:// URL. Default: reminder.db in the state directory."
    )
    name: fields.TextField | None = Field(
        None, description="What the database knows this config by. Default: the config's path."
    )
    grace: fields.Grace | None = Field(None, description="How late a message is still useful. Default: 2d.")
    keep: fields.KeepField | None = Field(
        None, description="How long old rows stay in the ledger; 0 for ever. Default: 400d."
    )
    heartbeat: fields.HeartbeatField | None = Field(
        None, description="Tell the operator once a week that all is well, and what comes next. Default: none."
    )
    metrics: fields.ListenField | None = Field(
        None, description="Where the daemon serves its metrics to Prometheus. Default: nowhere."
    )
    delivery: DeliverySpec | None = Field(None, description="How messages are sent.")
    log: LogSpec | None = Field(None, description="What is logged, and how.")
    templates: dict[fields.TemplateKind, TemplateSpec] | None = Field(
        None, description="Your own words, by kind of message."
    )
    sources: SourcesSpec | None = Field(None, description="Where dates come from. Default: TVmaze, for series.")
    calendars: tuple[CalendarSpec, ...] | None = Field(
        None, description="Calendars of which everything is followed.", examples=[[{"url": "${SONARR_ICS}"}]]
    )
    country: fields.CountryField | None = Field(
        None, description="Whose dates count for films. Default: the country of the time zone."
    )
    kinds: Annotated[tuple[fields.ReleaseKindField, ...], ONE_OR_MORE] | None = Field(
        None, description="Which releases of films count. Default: [cinema, digital, tv]."
    )
    credit: fields.CreditField | None = Field(
        None, description="Messages name the source of their date at the end. Default: false."
    )
    reading: ReadingSpec | None = Field(
        None,
        description="A second reader of announcements, which is believed only where the text says it. Default: none.",
    )
    allow_schemas: Annotated[tuple[fields.SchemeField, ...], ONE_OR_MORE] | None = Field(
        None, description="Local and relaying services to allow.", examples=[["syslog"]]
    )


class ConfigSpec(TopSpec):
    """The whole file."""

    model_config = ConfigDict(title="reminder's config")

    channels: dict[fields.NameField, fields.ChannelUrl | ChannelSpec] | None = Field(
        None, description="Where messages go: NAME: URL.", examples=[{"screen": "console://"}]
    )
    subscribers: dict[fields.NameField, SubscriberSpec | None] | None = Field(
        None, description="Who is told. Default: one, called me."
    )
    watch: tuple[fields.TextField | EntrySpec | GroupSpec | ShortEntry, ...] | None = Field(
        None, description="The titles to watch."
    )


#: the mapping that stands under a key, and the keys under which names are chosen freely
BELOW: Final[dict[str, type[Spec]]] = {
    "calendars": CalendarSpec,
    "channels": ChannelSpec,
    "delivery": DeliverySpec,
    "drop": DropSpec,
    "for": FollowerSpec,
    "log": LogSpec,
    "reading": ReadingSpec,
    "remind": LadderSpec,
    "sources": SourcesSpec,
    "subscribers": SubscriberSpec,
    "templates": TemplateSpec,
    "tmdb": TMDBSpec,
    "tvmaze": TVmazeSpec,
    "watch": GroupSpec,
}
NAMED: Final = frozenset({"channels", "for", "rates", "subscribers", "templates"})


def keys_at(loc: tuple[str | int, ...]) -> list[str]:
    """Return the keys that may stand in the mapping at `loc`."""
    model: type[Spec] = ConfigSpec
    is_name = False
    for step in loc:
        if not is_name and isinstance(step, str):
            model = BELOW.get(step, model)
        is_name = not is_name and step in NAMED
    return [field.alias or name for name, field in model.model_fields.items()]
