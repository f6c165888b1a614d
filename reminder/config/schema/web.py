"""The models of the page's settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from reminder.config.schema import fields
from reminder.config.schema.fields import ONE_OR_MORE
from reminder.config.schema.spec import Spec


class ProxySpec(Spec):
    """A reverse proxy that says who is there."""

    model_config = ConfigDict(title="proxy")

    from_: Annotated[tuple[fields.PeerField, ...], ONE_OR_MORE] = Field(
        alias="from", description="The addresses that the proxy comes from.", examples=[["127.0.0.1"]]
    )
    user: fields.HeaderField | None = Field(
        None, description="The header in which it names the subscriber. Default: Remote-User."
    )
    secret: fields.SecretField | None = Field(
        None, description="What it has to send in X-Proxy-Secret, as ${NAME}. Default: nothing."
    )


class WebSpec(Spec):
    """The page, and the interface for programs."""

    model_config = ConfigDict(title="web")

    listen: fields.ListenField | None = Field(None, description="Where it is served. Default: 127.0.0.1:8484.")
    address: fields.PageAddressField | None = Field(
        None, description="Where people reach it. Default: only this machine does."
    )
    process: fields.ProcessField | None = Field(
        None, description="What serves it: the daemon, or only `reminder web` on its own. Default: daemon."
    )
    proxy: ProxySpec | None = Field(None, description="A proxy that says who is there. Default: none.")
    contact: fields.ContactField | None = Field(
        None, description="How push services reach who runs this, as mailto: or https:. Needed for webpush://."
    )
    push_hosts: Annotated[tuple[fields.HostField, ...], ONE_OR_MORE] | None = Field(
        None,
        description="Push services that browsers may name, beside Chrome's, Firefox's, Edge's and Safari's.",
        examples=[["push.example.org"]],
    )
    posters: fields.CreditField | None = Field(
        None, description="Show the pictures that sources have, kept here. Default: false."
    )
