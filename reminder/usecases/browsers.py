"""Browsers that take messages by Web Push: the key that they ask for, setting one up, and its new address.

Every function works in the transaction `tx` that it is given. WrongInput says, in words for a person, what does not go.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from reminder.core.errors import WrongInput
from reminder.core.model.channels import Channels
from reminder.core.model.entities import Channel, ChannelUse
from reminder.core.model.secret import Secret
from reminder.core.sending.address_kinds import AddressKind, kind_of
from reminder.core.wording import Wording
from reminder.notify.unusable import Unusable
from reminder.notify.webpush.browser import Browser, browser_of, browser_of_subscription
from reminder.notify.webpush.hosts import check_host
from reminder.store.identity import keep_push_key, push_key
from reminder.store.own import change_own, own_of
from reminder.usecases.joining import bring_address

UNREADABLE: Final = Wording("Your browser did not say how it is reached: load the page and try again.")


def public_key(tx: Connection) -> str:
    """Return the key that a browser is asked to take messages of alone; it is made where there is none yet."""
    from reminder.notify.webpush.vapid import VapidKey, new_key

    return VapidKey(Secret(push_key(tx) or keep_push_key(tx, new_key()))).public


def bring_browser(
    tx: Connection, person: str, channel: Channel, said: str, label: str, now: datetime, *, hosts: Collection[str]
) -> str:
    """Give somebody the browser that describes itself so, still to be proved; return the name of its use.

    `said` is its subscription as JSON, `hosts` are the push services that the config names. Raises WrongInput.
    """
    if kind_of(channel) is not AddressKind.BROWSER:
        raise WrongInput(Wording("this channel leads to no browsers"))
    return bring_address(tx, person, channel, _browser(said, hosts).written(), label, now)


def renew_browser(
    tx: Connection,
    person: str,
    before: str,
    said: str,
    now: datetime,
    *,
    channels: Channels,
    hosts: Collection[str],
) -> bool:
    """Let a browser of somebody's have another address, which it got by itself; return whether it is one of theirs.

    `before` is the endpoint that it had: nobody but the browser and we know it. Raises WrongInput.
    """
    now_at = _browser(said, hosts).written()
    own = own_of(tx, person)
    uses = own.channels if own else ()
    found = next((use for use in uses if _is_at(use, before, channels)), None)
    if found is None:
        return False
    change_own(tx, person, lambda kept: kept.with_use(replace(found, address=now_at)), now)
    return True


def _is_at(use: ChannelUse, endpoint: str, channels: Channels) -> bool:
    if use.name not in channels or kind_of(channels[use.name]) is not AddressKind.BROWSER:
        return False
    try:
        return browser_of(use.address or "").endpoint == endpoint
    except Unusable:
        return False


def _browser(said: str, hosts: Collection[str]) -> Browser:
    try:
        found = browser_of_subscription(json.loads(said))
        check_host(found.endpoint, hosts)
    except (ValueError, RecursionError):
        raise WrongInput(UNREADABLE) from None
    except Unusable as why:
        raise WrongInput(why.problem) from None
    return found
