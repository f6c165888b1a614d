"""The transport that sends by apprise's plugins, mail and to browsers by our own hand, each within its deadline."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, Final

from reminder.core.model.channels import base_name
from reminder.core.model.entities import Channel
from reminder.core.sending.retry import Failure, FailureKind
from reminder.core.text.message import Words
from reminder.notify import schemas
from reminder.notify.buttons import buttons_of, tap_of
from reminder.notify.compose import fit, shape
from reminder.notify.http import outcome as answers
from reminder.notify.http.adapter import forget, install
from reminder.notify.http.attempt import Attempt, running
from reminder.notify.judging import check_secrets
from reminder.notify.library import silence
from reminder.notify.limits import TextForm, service
from reminder.notify.mail.answers import ServerAnswer, refused
from reminder.notify.mail.compose import write_mail
from reminder.notify.mail.mailbox import read_mailbox
from reminder.notify.mail.pool import Busy, SmtpPool
from reminder.notify.mail.smtp import why_no_tls
from reminder.notify.memory import forbidden, prepared
from reminder.notify.plugins import Plugins
from reminder.notify.scrub import secret_parts
from reminder.notify.transport import Outcome, Sent, unloadable, unusable, who_hears
from reminder.notify.unusable import Unusable
from reminder.notify.webpush.settings import PushSettings
from reminder.platform.clock import Clock
from reminder.platform.watchdog import Overrun, Watchdog

log = logging.getLogger(__name__)

SECONDS: Final = 30.0

ROOM_FOR_LINKS: Final = 400
"""A service that takes fewer characters than this, as for texts to phones, gets no line of links."""


class AppriseTransport:
    """Sends to one channel by one plugin in one attempt: no repeat, no wait, no redirect, a hard deadline.

    Args:
        clock: for deadlines, the date of a mail, and a Retry-After that names a date.
        timeout: the seconds an attempt may take, all in all (`delivery.timeout`).
        allow_schemas: schemes that are taken although they are not on the list.
        smtp_pool: what keeps the connections to mail servers, if not one of its own.
        push: returns what is sent to browsers with; asked with each such message.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        timeout: float = SECONDS,
        allow_schemas: Collection[str] = (),
        smtp_pool: SmtpPool | None = None,
        push: Callable[[], PushSettings] | None = None,
    ) -> None:
        silence()
        install()
        self._clock = clock
        self._seconds = timeout
        self._allow = frozenset(allow_schemas)
        self._plugins = Plugins(allow_schemas, monotonic=clock.monotonic)
        self._mailroom = smtp_pool or SmtpPool(monotonic=clock.monotonic)
        self._push = push
        self._watchdog = Watchdog("watch", monotonic=clock.monotonic)

    @property
    def abandoned(self) -> int:
        """Return how many attempts were left behind because they did not end even when cut off."""
        return self._watchdog.abandoned

    @property
    def stuck(self) -> int:
        """Return how many of those still run."""
        return self._watchdog.stuck

    def send(self, channel: Channel, words: Words, *, ref: str, plain: bool = False) -> Outcome:
        """Send `words` to `channel`; see `Transport.send`."""
        if channel.url is None:
            return unusable(channel)
        attempt = Attempt(self._seconds, self._clock.monotonic)
        left_behind = who_hears()

        def guarded() -> Outcome:
            return self._guarded(attempt, channel, words, ref, plain=plain)

        def give_up() -> None:
            if left_behind is not None:
                left_behind(self._overrun(attempt, channel, ref))

        try:
            if left_behind is None:  # who called counts on coming back
                return self._watchdog.wait_for(guarded, seconds=self._seconds, cut_off=attempt.cut_off)
            return self._watchdog.run(guarded, seconds=self._seconds, cut_off=attempt.cut_off, give_up=give_up)
        except Overrun:
            return self._overrun(attempt, channel, ref)
        except Exception as error:  # noqa: BLE001  a transport never raises: say, when no thread can be started
            log.error("attempt failed", extra={"delivery": _number(ref), "error": type(error).__name__})
            return _raised(attempt, error)

    def close(self) -> None:
        """Close idle connections."""
        self._plugins.clear()
        self._mailroom.close()
        forget()

    def _overrun(self, attempt: Attempt, channel: Channel, ref: str) -> Failure:
        log.warning(
            "attempt did not end when cut off",
            extra={"delivery": _number(ref), "over": schemas.describe(_url(channel))},
        )
        return answers.no_answer(None, left=attempt.left, overrun=True, seconds=self._seconds)

    def _guarded(self, attempt: Attempt, channel: Channel, words: Words, ref: str, *, plain: bool) -> Outcome:
        try:
            check_secrets(channel, self._allow)
            if schemas.scheme_of(_url(channel)) in schemas.MAIL:
                return self._by_mail(attempt, channel, words, ref, plain=plain)
            if schemas.is_push(_url(channel)):
                return self._by_push(attempt, channel, words, plain=plain)
            return self._by_plugin(attempt, channel, words, ref, plain=plain)
        except Unusable as why:
            return Failure(kind=FailureKind.CHANNEL, reason=str(why), is_address=why.is_address and channel.is_shared)
        except BaseException as error:  # noqa: BLE001  the edge of the sending thread: plugins raise what they like
            shown = schemas.describe(_url(channel))
            log.error("plugin raised", extra={"delivery": _number(ref), "over": shown, "error": type(error).__name__})
            return _raised(attempt, error)

    def _by_plugin(self, attempt: Attempt, channel: Channel, words: Words, ref: str, *, plain: bool) -> Outcome:
        with self._plugins.lent(_url(channel)) as loan:
            outcome = self._lent(attempt, loan.plugin, channel, words, ref, plain=plain)
            loan.spent = _is_channels(outcome)
            is_stale = loan.spent and loan.may_be_stale
        # What was refused has not arrived: a login that has ended is made again, and the message goes in the same try.
        return self._by_plugin(attempt, channel, words, ref, plain=plain) if is_stale else outcome

    def _lent(self, attempt: Attempt, plugin: Any, channel: Channel, words: Words, ref: str, *, plain: bool) -> Outcome:
        url = _url(channel)
        with running(attempt):
            attempt.forbids = forbidden(plugin)
            buttons = None if plain else buttons_of(url, words, is_read=channel.bot)
            attempt.dress = buttons or (None if plain else tap_of(url, words))
            with prepared(plugin, ref, words.link):
                accepted = _notify(plugin, url, words, plain=plain, has_buttons=buttons is not None)
            return self._read(attempt, url, accepted=accepted)

    def _by_mail(self, attempt: Attempt, channel: Channel, words: Words, ref: str, *, plain: bool) -> Outcome:
        url = _url(channel)
        box = read_mailbox(url)
        name = base_name(channel.name)
        head = replace(box.head, channel=name, shared=name if channel.is_shared else None)
        mail = write_mail(head, words, ref=ref, plain=plain, text_only=box.text_only, now=self._clock.now())
        try:
            with running(attempt):
                return self._mailroom.send(box.server, mail, attempt)
        except ServerAnswer as said:
            return refused(said, secret_parts(url))
        except Busy:
            return Failure(kind=FailureKind.TRANSIENT, reason="another mail was on its way to this server all the time")
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            found = answers.no_answer(error, left=attempt.left, overrun=attempt.overrun, seconds=attempt.seconds)
            return replace(found, reason=why_no_tls(box.server, error) or found.reason)

    def _by_push(self, attempt: Attempt, channel: Channel, words: Words, *, plain: bool) -> Outcome:
        if self._push is None:
            raise Unusable("there is no page here, and browsers are set up on one: add web: to the config")
        from reminder.notify.webpush.post import post

        return post(attempt, _url(channel), words, self._push, now=self._clock.now, plain=plain)

    def _read(self, attempt: Attempt, url: str, *, accepted: bool) -> Outcome:
        if schemas.scheme_of(url) not in schemas.NOT_HTTP:
            return answers.outcome(attempt, accepted=accepted, url=url, now=self._clock.now)
        if accepted:
            return Sent()
        return Failure(kind=FailureKind.UNKNOWN, reason="the service did not confirm it (it may have arrived)")


def _notify(plugin: Any, url: str, words: Words, *, plain: bool, has_buttons: bool) -> bool:
    to = shape(service(schemas.scheme_of(url)), plugin, _asked(url))
    if not has_buttons and to.body >= ROOM_FOR_LINKS:
        words = words.with_links()
    fitted = fit(words, to, plain=plain)
    return bool(plugin.notify(body=fitted.body, title=fitted.title, body_format=fitted.form.value, overflow="upstream"))


def _asked(url: str) -> str | None:
    """Return the form that a URL asks for."""
    options = schemas.arguments(url)
    asked = options.get("format", "").lower()
    if asked == TextForm.MARKDOWN and schemas.scheme_of(url) == "tgram" and options.get("mdv") not in {"2", "v2"}:
        return TextForm.HTML  # Telegram's first Markdown knows no way to write all signs; it reads the same
    return asked or None


def _url(channel: Channel) -> str:
    return channel.url.reveal() if channel.url else ""


def _number(ref: str) -> str:
    """Return the part of a `ref` that a log shows."""
    return ref.partition("@")[0][:40]


def _is_channels(outcome: Outcome) -> bool:
    return isinstance(outcome, Failure) and outcome.kind is FailureKind.CHANNEL


def _raised(attempt: Attempt, error: BaseException) -> Failure:
    if isinstance(error, ImportError) and not attempt.left:
        return unloadable(error)
    reason = "the service's plugin failed inside the program, see the log"
    if attempt.left:
        return Failure(kind=FailureKind.UNKNOWN, reason=f"{reason} (it may have arrived)")
    if isinstance(error, OSError | MemoryError | RuntimeError) or not isinstance(error, Exception):
        return Failure(kind=FailureKind.TRANSIENT, reason="sending failed inside the program, see the log")
    # One that stumbles over what it was given does so each time.
    return Failure(kind=FailureKind.CHANNEL, reason=reason)
