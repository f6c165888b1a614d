"""Every route of the page: who may go there, addresses to try, and what its form says. A route without a row fails.

A row says again, by hand, whom a route is for: who changes that in the program has to change it here too. Names in
braces stand for what a household has; `filled` puts its numbers in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, kw_only=True)
class PageRow:
    """One route. `whose` are the people for whom alone its addresses exist, if not for all; `form` is what a POST says.

    `is_page` tells whether people look at it, so that it is looked at in a browser.
    """

    method: str
    rule: str
    access: str
    paths: tuple[str, ...] = ()
    whose: tuple[str, ...] = ()
    form: Mapping[str, str] = field(default_factory=dict)
    is_page: bool = False

    def filled(self, numbers: Mapping[str, str]) -> tuple[str, ...]:
        """Return its addresses in a household, whose numbers and secrets are given by name."""
        return tuple(path.format_map(numbers) for path in self.paths or (self.rule,))


def _page(rule: str, access: str, *paths: str, whose: tuple[str, ...] = ()) -> PageRow:
    return PageRow(method="GET", rule=rule, access=access, paths=paths, whose=whose, is_page=True)


def _data(rule: str, access: str, *paths: str, whose: tuple[str, ...] = ()) -> PageRow:
    return PageRow(method="GET", rule=rule, access=access, paths=paths, whose=whose)


def _form(rule: str, access: str, *paths: str, whose: tuple[str, ...] = (), **form: str) -> PageRow:
    return PageRow(method="POST", rule=rule, access=access, paths=paths, whose=whose, form=form)


def _call(method: str, rule: str, access: str, *paths: str) -> PageRow:
    return PageRow(method=method, rule=f"/api/v1{rule}", access=access, paths=tuple(f"/api/v1{path}" for path in paths))


ROWS: Final = (
    # Anyone
    _page("/sign-in", "anyone"),
    _form("/sign-in", "anyone", name="no-such-person"),
    _page("/sign-in/code", "anyone"),
    _form("/sign-in/code", "anyone", code="0000 0000"),
    _page("/in/<token>", "anyone", "/in/{link}", "/in/no-such-link"),
    _form("/in", "anyone", token="no-such-link"),
    _form("/sign-out", "member"),
    _data("/join", "anyone"),
    _page("/join/<token>", "anyone", "/join/{invitation}", "/join/no-such-token"),
    _form("/join", "anyone", token="no-such-token", name="Anna"),
    _page("/m/<token>", "anyone", "/m/{message}", "/m/no-such-message"),
    _page("/m/<token>/<action>", "anyone", "/m/{message}/tomorrow", "/m/no-such-message/mute"),
    _form("/m/<token>/<action>", "anyone", "/m/no-such-message/tomorrow"),
    _page("/u/<token>", "anyone", "/u/{mail}", "/u/no-such-mail"),
    _form("/u/<token>", "anyone", "/u/no-such-mail"),
    _form("/u/<token>/undo", "anyone", "/u/no-such-mail/undo"),
    _data("/static/<mark>/<name>", "anyone", "{style}"),
    _data("/healthz", "anyone"),
    # What is coming
    _page("/", "member", "/", "/?q=script", "/?after=undated", "/?all=1", "/?after=2025-07-12", "/?q=%00&after=%00"),
    _page("/month", "member", "/month", "/month?m=2025-07", "/month?m=2025-07&all=1", "/month?m=2200-12", "/month?m=x"),
    # What was sent, and what will be
    _page("/messages", "member", "/messages", "/messages?after=2025-07-09T00:00:00Z", "/messages?after=x"),
    _page("/history", "member", "/history", "/history?state=sent&title=b&channel=hook&who=ravi", "/history?after=x.y"),
    _form("/history/<int:number>/retry", "member", "/history/{ravis_delivery}/retry", whose=("ravi", "asha")),
    # Channels and status
    _page("/channels", "member"),
    _form("/channels/again", "member", channel="no-such-channel", mark="00000000"),
    _form("/channels/test", "member", channel="no-such-channel"),
    _page("/channels/test/<int:number>", "member", "/channels/test/{test}", whose=("ravi", "asha")),
    _page("/channels/add", "member"),
    _form("/channels/add", "member", channel="no-such-channel", address="1"),
    _data("/sw.js", "anyone"),
    _form("/channels/browser/key", "member", channel="no-such-channel"),
    _form("/channels/browser", "member", channel="no-such-channel", subscription="{}"),
    _form("/channels/browser/renew", "member"),
    _page("/channels/start", "member", "/channels/start"),
    _page("/channels/prove", "member", "/channels/prove?use=chat", whose=("asha",)),
    _form("/channels/prove", "member", use="chat", code="0000", whose=("asha",)),
    _form("/channels/code", "member", use="no-such-address"),
    _form("/channels/label", "member", use="no-such-address", label="phone"),
    _page("/channels/drop", "member", "/channels/drop?use=chat", whose=("asha",)),
    _form("/channels/drop", "member", use="no-such-address"),
    _page("/status", "owner"),
    # Adding
    _page("/add", "member", "/add", "/add?text=Ballard", "/add?title=News&text=https://news.example/x"),
    _form("/add", "member", text="Ballard premieres on July 9, 2027 on Prime Video."),
    _form("/titles", "member", title="", premiere="soon"),
    _data("/manifest.webmanifest", "anyone"),
    # Me
    _page("/me", "member"),
    _form("/me/pause", "member", until="2025-06-25"),
    _form("/me/resume", "member"),
    _form("/me/feeds", "member", name="phone", alarms="1"),
    _form("/me/tokens", "member", name="home", scope="read"),
    _form("/me/tokens/<int:number>/revoke", "member", "/me/tokens/{token}/revoke", whose=("ravi",)),
    _form("/me/sessions/<mark>/end", "member", "/me/sessions/{session}/end", whose=("ravi",)),
    _page("/me/settings", "member"),
    _form("/me/settings", "member", timezone="no-such-zone", at="9"),
    _data("/me/kept.json", "member"),
    _page("/me/leave", "member"),
    _form("/me/leave", "member"),
    _page("/left", "anyone"),
    _form("/back", "anyone", who="no-such-person"),
    # People
    _page("/people", "owner", "/people", "/people?q=a"),
    _form("/people/invite", "owner", name="Anna", timezone="Mars"),
    _form("/people/invitations/<mark>/take-back", "owner", "/people/invitations/no-such/take-back"),
    _page("/people/<int:number>", "owner", "/people/{newcomer}"),
    _page("/people/<int:number>/forget", "owner", "/people/{newcomer}/forget"),
    _form("/people/<int:number>/owner", "owner", "/people/{newcomer}/owner"),
    _form("/people/<int:number>/member", "owner", "/people/{newcomer}/member"),
    _form("/people/<int:number>/end", "owner", "/people/{newcomer}/end"),
    _form("/people/<int:number>/take-up", "owner", "/people/{newcomer}/take-up"),
    _form("/people/<int:number>/forget", "owner", "/people/{newcomer}/forget"),
    # Pictures
    _data("/poster/<int:number>", "member", "/poster/{private}", whose=("ravi", "asha")),
    # A title
    _page("/title/<int:number>", "member", "/title/{ballard}", whose=("ravi", "asha")),
    _page("/title/<int:number>", "member", "/title/{private}", whose=("ravi", "asha")),
    _page("/title/<int:number>", "member", "/title/{month}", "/title/{unbroken}", whose=("asha",)),
    _form("/title/<int:number>/mute", "member", "/title/{private}/mute", whose=("ravi", "asha")),
    _form("/title/<int:number>/unmute", "member", "/title/{private}/unmute", whose=("ravi", "asha")),
    _form("/title/<int:number>/stop", "member", "/title/{private}/stop", whose=("ravi", "asha")),
    _form("/title/<int:number>/follow", "member", "/title/{private}/follow", whose=("ravi", "asha")),
    _form("/title/<int:number>/seen", "member", "/title/{private}/seen", whose=("ravi", "asha"), release="-1"),
    _form("/title/<int:number>/unseen", "member", "/title/{private}/unseen", whose=("ravi", "asha"), release="-1"),
    _form("/title/<int:number>/leads", "member", "/title/{private}/leads", whose=("ravi", "asha"), role="premiere"),
    _form("/title/<int:number>/date", "member", "/title/{private}/date", whose=("ravi", "asha"), date="2025-08-01"),
    _form(
        "/title/<int:number>/propose", "member", "/title/{private}/propose", whose=("ravi", "asha"), date="2025-08-01"
    ),
    _form("/title/<int:number>/take", "owner", "/title/{private}/take", proposal="1"),
    _form("/title/<int:number>/decline", "owner", "/title/{private}/decline", proposal="1"),
    _form("/title/<int:number>/date/back", "member", "/title/{private}/date/back", whose=("ravi", "asha")),
    _form("/title/<int:number>/ask", "member", "/title/{private}/ask", whose=("ravi", "asha")),
    # Calendars
    _data("/feed/<secret>.ics", "anyone", "/feed/{feed}.ics", "/feed/no-such-secret.ics"),
    PageRow(method="PROPFIND", rule="/feed/<secret>.ics", access="anyone", paths=("/feed/{feed}.ics",)),
    # Programs
    _data("/api/openapi.json", "anyone"),
    _call("GET", "/upcoming", "read"),
    _call("GET", "/summary", "read"),
    _call("GET", "/titles", "read"),
    _call("GET", "/titles/<int:number>", "read", "/titles/{ballard}"),
    _call("GET", "/titles/<int:number>/why", "read", "/titles/{ballard}/why"),
    _call("POST", "/titles", "write"),
    _call("PATCH", "/titles/<int:number>", "write", "/titles/{ballard}"),
    _call("DELETE", "/titles/<int:number>", "write", "/titles/{ballard}"),
    _call("GET", "/titles/<int:number>/mine", "read", "/titles/{ballard}/mine"),
    _call("PATCH", "/titles/<int:number>/mine", "write", "/titles/{ballard}/mine"),
    _call("POST", "/titles/<int:number>/proposals", "write", "/titles/{ballard}/proposals"),
    _call("GET", "/proposals", "read"),
    _call("PATCH", "/proposals/<int:number>", "write", "/proposals/1"),
    _call("GET", "/plan", "read"),
    _call("GET", "/history", "read"),
    _call("GET", "/channels", "read"),
    _call("POST", "/channels/<name>/test", "write", "/channels/no-such/test"),
    _call("GET", "/tests/<int:number>", "read", "/tests/1"),
    _call("POST", "/read", "read"),
)
"""The routes, by what they are about."""
