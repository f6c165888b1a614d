"""The models of a person and of a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import ConfigDict, Field, Tag

from reminder.config.parsers import parse_address, parse_name
from reminder.config.schema import fields
from reminder.config.schema.fields import ONE_OR_MORE
from reminder.config.schema.ladder import LadderField
from reminder.config.schema.spec import Built, Spec, one_form


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
    language: fields.LanguageField | None = Field(
        None, description="The language of messages and of the page. Default: en, English."
    )
    clock: fields.ClockField | None = Field(
        None, description="How hours are written. Default: as the language does; in English, by locale."
    )
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
        description="Names of the channels to use; with an address where it is shared. "
        "Default: every channel that is not.",
        examples=[["email", "phone"], [{"bot": "12345"}]],
    )


class ChannelSpec(Spec):
    """A channel that takes only some messages."""

    model_config = ConfigDict(title="channel")

    url: fields.ChannelUrl = Field(description="Where to send: an apprise URL, or console:// for the terminal.")
    only: Annotated[tuple[fields.OnlyField, ...], ONE_OR_MORE] | None = Field(
        None, description="What may come over it. Default: everything.", examples=[["premiere", "moved"]]
    )
    sign_in: fields.CancelledField | None = Field(
        None,
        description="Whether codes to sign in to the page come over it. Default: where one person has it.",
    )
    join: fields.CancelledField | None = Field(
        None,
        description="Whether people add an address of their own to it on the page. Needs {address}. Default: false.",
    )
    bot: fields.CancelledField | None = Field(
        None,
        description="Whether this Telegram bot takes commands, such as /upcoming. Needs {address}. Default: false.",
    )
