"""The models of the sources of dates, and of the second reader of announcements."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from reminder.config.schema import fields
from reminder.config.schema.spec import Spec


class TVmazeSpec(Spec):
    """The settings of TVmaze."""

    model_config = ConfigDict(title="TVmaze")

    url: fields.SiteField | None = Field(None, description="Another address, such as a mirror's.")
    ask: fields.CancelledField | None = Field(None, description="false: it is not asked. Default: true.")


class TMDBSpec(Spec):
    """The settings of TMDB."""

    model_config = ConfigDict(title="TMDB")

    key: fields.SecretField = Field(description="Your own API read access token, as ${NAME}.")
    url: fields.SiteField | None = Field(None, description="Another address, such as a mirror's.")


class SourcesSpec(Spec):
    """The sources of dates."""

    model_config = ConfigDict(title="sources")

    tvmaze: TVmazeSpec | None = Field(None, description="Series of every channel; asked unless it says ask: false.")
    tmdb: TMDBSpec | None = Field(None, description="Films by country and kind, and series; with your own key.")


class CalendarSpec(Spec):
    """A calendar of which everything is followed."""

    model_config = ConfigDict(title="calendar")

    url: fields.CalendarField = Field(description="Its address, which is a secret, or a file.")
    only: fields.CalendarOnly | None = Field(None, description="premieres: only first episodes and films.")
    name: fields.NameField | None = Field(None, description="What to call it. Default: calendar, calendar 2, …")


class ReadingSpec(Spec):
    """A second reader of announcements."""

    model_config = ConfigDict(title="reading")

    url: fields.EndpointField = Field(description="An OpenAI-compatible server; what stands before /chat/completions.")
    model: fields.TextField = Field(description="The model, as the server calls it.", examples=["qwen3:8b"])
    key: fields.SecretField | None = Field(
        None, description="The server's key, as ${NAME}. Default: none.", examples=["${READER_KEY}"]
    )
