"""The model of the whole config, and the keys that may stand at each place in it."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import ConfigDict, Field

from reminder.config.schema import fields
from reminder.config.schema.fields import ONE_OR_MORE
from reminder.config.schema.ladder import LadderSpec
from reminder.config.schema.people import ChannelSpec, Settings, SubscriberSpec
from reminder.config.schema.sources import CalendarSpec, ReadingSpec, SourcesSpec, TMDBSpec, TVmazeSpec
from reminder.config.schema.spec import Spec
from reminder.config.schema.titles import DropSpec, EntrySpec, FollowerSpec, GroupSpec, ShortEntry
from reminder.config.schema.web import ProxySpec, WebSpec


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
    web: WebSpec | None = Field(None, description="The page, for everybody who is told. Default: none.")
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
    "proxy": ProxySpec,
    "reading": ReadingSpec,
    "remind": LadderSpec,
    "sources": SourcesSpec,
    "subscribers": SubscriberSpec,
    "templates": TemplateSpec,
    "tmdb": TMDBSpec,
    "tvmaze": TVmazeSpec,
    "watch": GroupSpec,
    "web": WebSpec,
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
