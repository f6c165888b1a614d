"""Channels: whether each works, in its service's own words, and a test of it that the daemon sends."""

from __future__ import annotations

from typing import Final

from flask import make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound, TooManyRequests

from reminder.core.model.channels import base_name
from reminder.usecases import asks
from reminder.usecases.bot_reading import unread_bots
from reminder.usecases.channels import channels_of, everybodys_channels
from reminder.usecases.joining import open_channels, own_addresses
from reminder.usecases.mail_ends import ended_uses, take_again
from reminder.web.limits import TESTS
from reminder.web.routing import Access, Pages
from reminder.web.visit import Visit

pages: Final = Pages("channels")

LOOK_AGAIN: Final = "2"
"""Seconds after which a browser asks again how a test goes; no script is needed for it."""


@pages.get("/channels", Access.MEMBER)
def channels(visit: Visit) -> ResponseReturnValue:
    """Show the reader's channels, and to the owner everybody's."""
    channels = visit.site.config().channels
    with visit.site.database.read() as tx:
        found = (everybodys_channels if visit.is_owner else channels_of)(tx, visit.person, channels)
        own = {each.use.name: each for each in own_addresses(tx, visit.person, channels)}
        ended = ended_uses(tx, visit.person)
        troubles = {bot.channel: bot.trouble for bot in unread_bots(tx)}
    used = {base_name(use.channel) for use in found}
    unused = [name for name in channels if name not in used] if visit.is_owner else []
    unread = {use.channel: troubles[name] for use in found if (name := base_name(use.channel)) in troubles}
    return visit.page(
        "channels.html",
        uses=found,
        unused=unused,
        own=own,
        can_add=bool(open_channels(channels)),
        unread=unread,
        ended=ended,
    )


@pages.post("/channels/again", Access.MEMBER)
def again(visit: Visit) -> ResponseReturnValue:
    """Have messages sent again over a channel that the reader has ended by the link in a mail."""
    channel = request.form.get("channel", "")
    with visit.site.database.write() as tx:
        take_again(tx, visit.person, channel, request.form.get("mark", ""), visit.now)
    visit.site.wake()
    return visit.back_to("/channels", visit.say("Messages come over %(channel)s again.", channel=channel))


@pages.post("/channels/test", Access.MEMBER)
def test(visit: Visit) -> ResponseReturnValue:
    """Have a test sent over a channel of the reader's; the owner may have it sent to others too."""
    wait = visit.site.limits.wait(TESTS, visit.person, visit.site.clock.monotonic())
    if wait:
        raise TooManyRequests(retry_after=int(wait) + 1)
    person = request.form.get("person", visit.person) if visit.is_owner else visit.person
    with visit.site.database.write() as tx:
        number = asks.ask_test(tx, person=person, channel=request.form.get("channel", ""), now=visit.now)
    visit.site.wake()
    return visit.back_to(f"/channels/test/{number}")


@pages.get("/channels/test/<int:number>", Access.MEMBER)
def result(visit: Visit, number: int) -> ResponseReturnValue:
    """Show how a test goes, again and again until it is over."""
    with visit.site.database.read() as tx:
        found = asks.test_state(tx, number, person=None if visit.is_owner else visit.person)
    if found is None:
        raise NotFound
    answer = make_response(visit.page("channel_test.html", test=found))
    if not found.is_over:
        answer.headers["Refresh"] = LOOK_AGAIN
    return answer
