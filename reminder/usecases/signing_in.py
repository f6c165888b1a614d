"""Signing in to the page without a password: by a link from the terminal, or by a code over a channel of one's own.

Every function works in the transaction `tx` that it is given. What lets somebody in is random, holds for minutes, works
once, and is kept only as a hash. Answers for known and unknown names are the same (SPEC 10).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from reminder.core.errors import WrongInput
from reminder.core.model.channels import Channels, base_name
from reminder.core.model.entities import Subscriber
from reminder.core.sending.code_channels import code_channels
from reminder.core.text.message import AskedFrom
from reminder.core.wording import Wording
from reminder.store import web_sessions
from reminder.store.people import people_beside
from reminder.store.web_sessions import CODE, LINK, WebSession, person_number
from reminder.usecases.asks import ask_code
from reminder.usecases.people import find_person
from reminder.usecases.tokens import hash_of

__all__ = ["WebSession"]

LINK_HOLDS: Final = timedelta(minutes=15)
CODE_HOLDS: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
MOST_CODES: Final = 3
"""So many codes an hour is a person sent at most."""

IDLE: Final = timedelta(days=30)
LONGEST: Final = timedelta(days=180)
"""A session ends when its browser has not been here for so long, or was signed in so long ago."""

SEEN_ANEW: Final = timedelta(days=1)
"""How often it is written down that a browser was here."""

LONGEST_AGENT: Final = 200


# Sessions ------------------------------------------------------------------------------------------------------------


def signed_in(tx: Connection, cookie: str, now: datetime) -> WebSession | None:
    """Return the session that a cookie stands for, None for one that has ended."""
    return web_sessions.session_of(tx, hash_of(cookie), now)


def is_to_be_noted(session: WebSession, now: datetime) -> bool:
    """Tell whether it is time to write down that this browser is still in use."""
    return now - session.seen_at >= SEEN_ANEW


def note_seen(tx: Connection, session: WebSession, now: datetime) -> None:
    """Write down that a browser was here, which lets it stay longer."""
    web_sessions.touch_session(tx, session.hash, now, min(now + IDLE, session.created_at + LONGEST))


def sessions_of(tx: Connection, person: str, now: datetime) -> list[WebSession]:
    """Return the browsers in which a person is signed in, the newest first."""
    number = person_number(tx, person)
    return [] if number is None else web_sessions.sessions_of(tx, number, now)


def end_session(tx: Connection, person: str, hash_: str) -> None:
    """Sign a person out in one browser, known by the hash of its session. Raises WrongInput for one not theirs."""
    number = person_number(tx, person)
    if number is None or not web_sessions.end_session(tx, number, hash_):
        raise WrongInput(Wording("this browser is not signed in any more"))


def let_in(tx: Connection, number: int, agent: str, now: datetime) -> str:
    """Sign the person of this number in; return what the browser's cookie holds from now on."""
    cookie = secrets.token_urlsafe(32)
    web_sessions.drop_expired(tx, now)
    web_sessions.begin_session(tx, number, hash_of(cookie), agent[:LONGEST_AGENT], now, now + IDLE)
    return cookie


# A link from the terminal --------------------------------------------------------------------------------------------


def make_link(tx: Connection, person: str, now: datetime) -> str:
    """Return the token of a link that signs somebody in once, within fifteen minutes. Raises WrongInput for nobody."""
    number = person_number(tx, person)
    if number is None:
        raise WrongInput(
            Wording(
                'nobody is called "%(person)s" in the database: write the name as in the config or the import; '
                "who is new in the config is known once the daemon has taken it",
                person=person,
            )
        )
    token = secrets.token_urlsafe(32)
    web_sessions.give_way_in(tx, LINK, number, hash_of(token), now, now + LINK_HOLDS)
    return token


def whose_link(tx: Connection, token: str, now: datetime) -> str | None:
    """Return whom a link would sign in, None for one that does not hold. Nothing is used up by looking."""
    found = web_sessions.way_in(tx, LINK, hash_of(token), now)
    return None if found is None else found.name


def use_link(tx: Connection, token: str, agent: str, now: datetime) -> str | None:
    """Sign in by a link; return what the browser's cookie holds from now on, None where the link does not hold."""
    found = web_sessions.way_in(tx, LINK, hash_of(token), now)
    if found is None or not web_sessions.use_up(tx, hash_of(token), now):
        return None
    return let_in(tx, found.subscriber_id, agent, now)


# A code over a channel -----------------------------------------------------------------------------------------------


def new_code(tx: Connection, person: str, mark: str, now: datetime) -> str | None:
    """Return a code of eight digits for whoever is called so; None for nobody, or who was sent enough of them.

    It counts only in the browser that keeps `mark`, a random text, for ten minutes and five tries.
    """
    number = person_number(tx, person)
    if number is None or web_sessions.codes_since(tx, number, now - timedelta(hours=1)) >= MOST_CODES:
        return None
    code = f"{secrets.randbelow(10**8):08}"
    web_sessions.give_way_in(tx, CODE, number, hash_of(mark), now, now + CODE_HOLDS, secret=_of_code(mark, code))
    return code


def send_code(
    tx: Connection,
    person: str,
    mark: str,
    *,
    everybody: Sequence[Subscriber],
    channels: Channels,
    asked_from: AskedFrom,
    now: datetime,
) -> None:
    """Have a code sent to whoever is called so, over the channels that only they read; nothing to anybody else.

    `everybody` and `channels` are the config's, `asked_from` the browser and the address that ask.
    """
    web_sessions.drop_expired(tx, now)  # a write for known and unknown names alike
    known = find_person(tx, person)
    over = code_channels(known, (*everybody, *_others_on(tx, known)), channels) if known else ()
    code = new_code(tx, person, mark, now) if over else None
    if code is not None:
        ask_code(tx, person=person, channels=over, code=code, asked_from=asked_from, now=now)


def _others_on(tx: Connection, person: Subscriber) -> list[Subscriber]:
    """Return who else has chosen an address on a channel of a person's; the config may not list them."""
    names = {base_name(use.name) for use in person.channels if use.address is not None}
    return [other for name in sorted(names) for other in people_beside(tx, name)]


def use_code(tx: Connection, mark: str, code: str, agent: str, now: datetime) -> str | None:
    """Sign in by a code; return what the cookie holds from now on, None for a code that is wrong or over."""
    found = web_sessions.way_in(tx, CODE, hash_of(mark), now)
    digits = "".join(filter(str.isdecimal, code))
    if found is None or found.tries >= MOST_TRIES:
        return None
    if not secrets.compare_digest(found.secret, _of_code(mark, digits)):
        web_sessions.count_try(tx, hash_of(mark))
        return None
    if not web_sessions.use_up(tx, hash_of(mark), now):
        return None
    return let_in(tx, found.subscriber_id, agent, now)


def _of_code(mark: str, code: str) -> str:
    return hashlib.sha256(f"{mark} {code}".encode()).hexdigest()
