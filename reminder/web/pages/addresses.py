"""Addresses of one's own: bringing one to a shared channel, proving it by a code, its name, and its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from flask import make_response, request, session
from flask.typing import ResponseReturnValue
from werkzeug import Response
from werkzeug.exceptions import NotFound, TooManyRequests

from reminder.core.errors import WrongInput
from reminder.core.model.channels import base_name
from reminder.core.model.entities import Channel
from reminder.core.model.own import is_proved
from reminder.core.sending.address_kinds import AddressKind, kind_of
from reminder.core.text.message import AskedFrom
from reminder.usecases import joining, telegram_proof
from reminder.usecases.joining import OwnAddress
from reminder.usecases.telegram_proof import KnownBot
from reminder.web.agents import browser_and_system
from reminder.web.limits import PROVING
from reminder.web.pages.sign_in import agent_of
from reminder.web.qr import qr_code
from reminder.web.routing import Access, Pages
from reminder.web.sorry import BEGUN
from reminder.web.visit import Visit

pages: Final = Pages("addresses")

LOOK_AGAIN: Final = "3"
"""Seconds after which a browser asks again whether Telegram has said who it is; no script is needed for it."""


@pages.get("/channels/add", Access.MEMBER)
def choose(visit: Visit) -> ResponseReturnValue:
    """Show the channels to which the reader may add an address."""
    offered = [(channel, kind_of(channel)) for channel in joining.open_channels(visit.site.config().channels)]
    return visit.page("address_add.html", offered=offered, problem=None, said={})


@pages.post("/channels/add", Access.MEMBER)
def add(visit: Visit) -> ResponseReturnValue:
    """Take an address, and have a code sent there; for ntfy make a topic, for Telegram a link that names the chat."""
    count_try(visit)
    channel = _joinable(visit, request.form.get("channel", ""))
    kind, address = kind_of(channel), request.form.get("address", "").strip()
    if kind is AddressKind.TELEGRAM and not address:
        return _start(visit, channel)
    made = joining.new_topic() if kind is AddressKind.NTFY and not address else address
    try:
        with visit.site.database.write() as tx:
            label = request.form.get("label", "")
            use = joining.bring_address(tx, visit.person, channel, made, label, visit.now)
            if address:
                joining.send_code(tx, visit.person, use, asked_from(visit), visit.now)
    except WrongInput as error:
        offered = [(each, kind_of(each)) for each in joining.open_channels(visit.site.config().channels)]
        said = {channel.name: address}
        return visit.page(
            "address_add.html", offered=offered, problem=(channel.name, error.problems[0]), said=said
        ), 400
    visit.site.wake()
    return visit.back_to(_proof(use))


def count_try(visit: Visit) -> None:
    """Count what somebody does about addresses. Raises TooManyRequests for too much in an hour."""
    wait = visit.site.limits.wait(PROVING, visit.person, visit.site.clock.monotonic())
    if wait:
        raise TooManyRequests(retry_after=int(wait) + 1)


def asked_from(visit: Visit) -> AskedFrom:
    """Return the browser and the address from which a code is asked for, for the message that brings it."""
    return AskedFrom(visit.asked_from, *browser_and_system(agent_of()))


def _joinable(visit: Visit, name: str) -> Channel:
    channel = visit.site.config().channels.get(name)
    if channel is None or not channel.join or channel.name != base_name(channel.name):
        raise NotFound
    return channel


def _proof(use: str) -> str:
    return f"/channels/prove?{urlencode({'use': use})}"


# Telegram ------------------------------------------------------------------------------------------------------------


def _start(visit: Visit, channel: Channel) -> Response:
    with visit.site.database.write() as tx:
        token = telegram_proof.start_token(tx, visit.person, channel.name, visit.now)
    session["start"] = [channel.name, token, _chats(visit, channel), visit.now.isoformat()]
    visit.site.wake()
    return visit.back_to("/channels/start")


def _chats(visit: Visit, channel: Channel) -> int:
    return sum(base_name(use.name) == channel.name and is_proved(use) for use in visit.reader.channels)


@pages.get("/channels/start", Access.MEMBER)
def start(visit: Visit) -> ResponseReturnValue:
    """Show the link that names the reader's chat to the bot, and look again until it has."""
    if "start" not in session:
        return visit.back_to("/channels/add")
    name, token, before, at = session["start"]
    channel = _joinable(visit, name)
    if _chats(visit, channel) > before:
        session.pop(BEGUN, None)
        return visit.back_to("/channels", visit.say("Connected: reminders come to Telegram from now on."))
    if "by" not in request.args and visit.now >= datetime.fromisoformat(at) + telegram_proof.START_HOLDS:
        return visit.back_to("/channels/add", visit.say("The link to Telegram has expired: connect it again."))
    with visit.site.database.read() as tx:
        bot = telegram_proof.bot_of(tx, channel, visit.now)
    is_there = bot is not None and bool(bot.username) and not bot.trouble
    link = telegram_proof.start_link(bot.username, token) if bot is not None and is_there else None
    drawn = qr_code(link, visit.say("A QR code of the link")) if link else None
    by_number = _types_number(bot)
    page = visit.page("address_start.html", channel=channel, bot=bot, link=link, qr=drawn, by_number=by_number)
    answer = make_response(page)
    if not by_number:  # what is being typed would be lost
        answer.headers["Refresh"] = LOOK_AGAIN
    return answer


def _types_number(bot: KnownBot | None) -> bool:
    """Tell whether a reader types the number of their chat: because they want to, or the bot cannot hear them."""
    return "by" in request.args or (bot is not None and bool(bot.trouble))


# Proving -------------------------------------------------------------------------------------------------------------


@pages.get("/channels/prove", Access.MEMBER)
def prove_page(visit: Visit) -> ResponseReturnValue:
    """Ask for the code that came to an address, and show how that goes."""
    use = request.args.get("use", "")
    return _proving(visit, use) if use else visit.back_to("/channels")


def _proving(visit: Visit, use: str, *, is_wrong: bool = False) -> str:
    channels = visit.site.config().channels
    with visit.site.database.read() as tx:
        found = _own(joining.own_addresses(tx, visit.person, channels), use)
        sent = joining.sent_code(tx, visit.person, use)
    values: dict[str, Any] = {}
    if found.kind is AddressKind.NTFY:
        channel = channels[use]
        topic, is_safe = f"{channel.host}/{found.use.address}", channel.scheme == "ntfys" or channel.host == "ntfy.sh"
        link = f"{'https' if is_safe else 'http'}://{topic}"
        app = f"ntfy://{topic}{'' if is_safe else '?secure=false'}"
        values = {"topic": topic, "link": link, "app": app, "qr": qr_code(link, visit.say("A QR code of the topic"))}
    return visit.page("address_prove.html", own=found, sent=sent, is_wrong=is_wrong, **values)


def _own(addresses: list[OwnAddress], use: str) -> OwnAddress:
    found = next((each for each in addresses if each.use.name == use), None)
    if found is None:
        raise NotFound
    return found


@pages.post("/channels/code", Access.MEMBER)
def send(visit: Visit) -> ResponseReturnValue:
    """Have a code sent to an address that has still to prove itself."""
    count_try(visit)
    use = request.form.get("use", "")
    with visit.site.database.write() as tx:
        joining.send_code(tx, visit.person, use, asked_from(visit), visit.now)
    visit.site.wake()
    return visit.back_to(_proof(use))


@pages.post("/channels/prove", Access.MEMBER)
def prove(visit: Visit) -> ResponseReturnValue:
    """Let an address count, by the code that came there."""
    count_try(visit)
    use, code = request.form.get("use", ""), request.form.get("code", "")[:40]
    was_reached = visit.is_reached
    with visit.site.database.write() as tx:
        channels = visit.site.config().channels
        is_right = joining.prove(tx, visit.person, use, code, visit.now, channels=channels)
    if not is_right:
        return _proving(visit, use, is_wrong=True), 400
    visit.site.wake()
    session.pop(BEGUN, None)
    if was_reached:
        return visit.back_to("/channels", visit.say("It works: reminders come here from now on."))
    return visit.back_to("/", visit.say("Welcome! Reminders reach you from now on. What do you want to hear of?"))


# Its name, and its end -----------------------------------------------------------------------------------------------


@pages.post("/channels/label", Access.MEMBER)
def label(visit: Visit) -> ResponseReturnValue:
    """Call an address something else."""
    with visit.site.database.write() as tx:
        joining.rename_address(tx, visit.person, request.form.get("use", ""), request.form.get("label", ""), visit.now)
    return visit.back_to("/channels")


@pages.get("/channels/drop", Access.MEMBER)
def drop_page(visit: Visit) -> ResponseReturnValue:
    """Ask whether an address is to be removed, and say what that means."""
    if not request.args.get("use"):
        return visit.back_to("/channels")
    with visit.site.database.read() as tx:
        found = _own(joining.own_addresses(tx, visit.person, visit.site.config().channels), request.args.get("use", ""))
    others = [use for use in visit.reader.channels if use.name != found.use.name and is_proved(use)]
    return visit.page("address_drop.html", own=found, is_last=not others)


@pages.post("/channels/drop", Access.MEMBER)
def drop(visit: Visit) -> ResponseReturnValue:
    """Remove an address; what was owed there goes to those that are left."""
    with visit.site.database.write() as tx:
        joining.drop_address(tx, visit.person, request.form.get("use", ""), visit.now)
    visit.site.wake()
    return visit.back_to("/channels", visit.say("It is removed. What waited for it goes elsewhere."))
