"""What was kept as English text (reasons in the ledger, alarms, why nothing is sent), known again by its words.

The ledger, the heartbeat and the log hold English; whoever reads it on the page or in a message reads their language.
What a service, a source or the system said is no text of ours, and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, Self, cast

from reminder.core.text.language import Language
from reminder.core.text.list_sentences import KEPT_IDS
from reminder.core.wording import Translator, Wording, marked

REASONS: Final = (
    marked("no words could be found for it"),
    marked("it cannot be read"),
    marked("quiet hours"),
    marked("the same is on its way there"),
    marked("the channel works again"),
    marked("no answer"),
    marked("it was stopped before its turn came"),
    marked("the database could not be reached before its turn came"),
    marked("its service is left alone for a while"),
    marked("it could not be started"),
)
"""Why a message is not sent, or not yet, beside the values of `Reason`, which are sentences of the table."""

FAILURES: Final = (
    marked("%(reason)s; refused as plain text too"),
    marked("%(reason)s; nothing has gone through for %(number)s hours"),
    marked("%(reason)s; %(number)s messages in a row were refused, plain and short too"),
    marked("%(reason)s; %(number)s different addresses in a row were refused"),
    marked("%(reason)s (it may have arrived)"),
    marked("sending failed inside the program, see the log"),
    marked("the service's plugin failed inside the program, see the log"),
    marked("the service did not confirm it"),
    marked("another mail was on its way to this server all the time"),
    marked("this channel has no URL"),
    marked("there is no page here, and browsers are set up on one: add web: to the config"),
    marked("nothing was sent: the service's plugin asked for nothing"),
    marked("no answer within %(number)s s"),
    marked("no connection in time"),
    marked("the proxy did not let it through"),
    marked("the proxy %(name)s did not let it through"),
    marked("the proxy %(name)s cannot be reached: %(reason)s"),
    marked("the address in this channel's URL cannot be used"),
    marked("this %(scheme)s:// URL cannot be used: %(reason)s"),
    marked("there is no option %(option)s=: %(reason)s"),
    marked("the value of %(option)s= is not known: %(reason)s"),
    marked("did you mean %(option)s=?"),
    marked("did you mean %(option)s=%(value)s?"),
    marked("it is one of %(value)s"),
    marked("leave it out, or see the page of the service"),
    marked("%(part)s is missing, or is not as the service writes it: write %(shape)s, see %(page)s"),
    marked("it is not complete: write %(shape)s, see %(page)s"),
    marked("the server's certificate is not trusted: %(detail)s"),
    marked(
        "TLS failed: what answers on this port speaks no TLS; is it the right port? "
        "Without TLS a scheme has no s at its end, as ntfy:// for ntfys://"
    ),
    marked("TLS failed: port %(number)s begins in clear: write mode=starttls, or port 465"),
    marked("TLS failed: %(detail)s"),
    marked("connection refused"),
    marked("the host's name cannot be found"),
    marked("the connection was lost before the answer"),
    marked("no connection: it was not made"),
    marked("no connection: %(detail)s"),
    marked("the service answered %(detail)s, but did not take it"),
    marked("%(detail)s: redirects to host %(host)s; write the address it leads to"),
    marked("%(detail)s (was the token changed? a rotated credential needs a restart)"),
    marked("%(detail)s; was the token changed? a rotated credential needs a restart)"),
    marked("%(detail)s (it no longer exists)"),
    marked("%(detail)s; it no longer exists)"),
    marked("%(detail)s (was the password changed? a rotated credential needs a restart)"),
    marked("%(detail)s (the sender was refused)"),
    marked("%(detail)s (the recipient was refused)"),
    marked("the mail server does not speak SMTP or hung up"),
    marked("this browser takes no messages from here any more (%(number)s)"),
    marked(
        "the push service answers %(number)s: this browser waits for messages signed with another key, or this "
        "machine's clock is wrong; set the browser up again under Channels on the page"
    ),
    marked("the key that signs for browsers cannot be read just now"),
    marked("what sends cannot be loaded (%(name)s): after an upgrade, restart reminder"),
    marked("nobody reads standard output any more"),
)
"""Why a message could not be sent, in the program's words."""

SILENCES: Final = (
    marked("there is no calendar at its address"),
    marked("it is not in the calendar now"),
    marked("the calendar has no events"),
    marked("it does not know this entry"),
    marked("it answered with nothing"),
    marked("it answered with something that is no JSON"),
    marked("%(host)s asks for a pause (429)"),
    marked("%(host)s does not accept the key (%(number)s)"),
    marked("%(host)s answers %(number)s"),
    marked("%(host)s did not answer within %(number)s s"),
    marked("it leads to %(id)s now"),
    marked("the answer is packed in a way that was not asked for"),
    marked("the answer cannot be unpacked"),
    marked("the answer is larger than %(number)s KiB"),
    marked("the answer does not say plainly how long it is"),
    marked("the calendar's file is too large"),
    marked("the calendar's file cannot be read: %(detail)s"),
    marked("none of its events can be read: %(detail)s"),
    marked("its answer has a strange shape: %(detail)s"),
    marked("stopped before it was asked"),
    marked("%(host)s has a private address, which is not fetched from"),
    marked("the proxy wants another login (%(number)s)"),
    marked("the proxy did not let it through (%(number)s)"),
    marked("the proxy cannot be reached: %(reason)s"),
    marked("an address with line breaks or the like in it is not fetched"),
    marked("only http:// and https:// addresses are fetched"),
    marked("an address with a password in it is not fetched"),
    marked("this is not an address that can be fetched"),
    marked("%(host)s redirects more than %(number)s times"),
    marked("%(host)s answered %(number)s"),
    marked("%(host)s sent no text, but %(detail)s"),
    marked("sources are switched off by REMINDER_OFFLINE"),
    marked("there is no text in that page"),
    marked("its certificate is not trusted (%(detail)s)"),
    marked(
        "its certificate is not trusted (%(detail)s); behind a company's proxy, name its authority's file in "
        "SSL_CERT_FILE"
    ),
    marked("its name cannot be resolved"),
    marked("the connection was refused"),
    marked("the connection broke off"),
)
"""Why a source gave no answer."""

STANDSTILLS: Final = (
    marked("the sweep failed"),
    marked("the clock jumped forward by %(number)s days, and is believed if it holds for %(minutes)s minutes"),
    marked("the clock jumped back by %(number)s days, and is believed if it holds for %(minutes)s minutes"),
    marked(
        "the clock says %(now)s UTC, but the ledger ends at %(end)s; if it is the clock that is right now, stop the "
        "daemon and run `reminder run --once --force`"
    ),
    marked("the clock says %(now)s UTC, which cannot be"),
    marked("%(place)s: every connection to the database is in use"),
    marked("%(place)s: another program holds the database"),
    marked(
        "%(place)s: the database is damaged (%(detail)s). Stop the daemon, keep the file, and put a backup in its place"
    ),
)
"""Why nothing is sent at all."""

ALARMS: Final = (
    marked("the edited config is not taken: %(reason)s"),
    marked("Reminders were held up"),
    marked("From %(now)s UTC, for %(number)s minutes, nothing was sent: %(reason)s"),
    marked("What was due goes out now."),
    marked("Reminders wait for a lock"),
    marked("the rows of %(people)s are locked by %(program)s (%(role)s, pid %(pid)s): end its transaction"),
    marked(
        "the rows of %(people)s are locked by %(program)s (%(role)s, pid %(pid)s) since %(now)s UTC: "
        "end its transaction"
    ),
    marked("rows or tables of ours are locked by %(program)s (%(role)s, pid %(pid)s): end its transaction"),
    marked(
        "rows or tables of ours are locked by %(program)s (%(role)s, pid %(pid)s) since %(now)s UTC: "
        "end its transaction"
    ),
    marked("Asking for dates failed"),
    marked("%(title)s: asking for its dates failed: %(reason)s"),
    marked("And %(number)s more"),
    marked("Everything else was asked about as always."),
    marked("A date of %(title)s goes to and fro"),
    marked("%(label)s: its source changed the date to and fro three times within a week."),
    marked("Readers hear of it once it has stood for two days. Write the date by hand if you know it: when:."),
    marked("Two sources differ about %(title)s"),
    marked("%(label)s: %(date)s, but %(source)s says %(other)s"),
    marked("%(source)s counts; `reminder show` says why."),
    marked("%(source)s does not answer"),
    marked("Nothing is lost: the dates stay as they were last known."),
    marked("It is %(id)s there now, and followed there from now on."),
    marked("It is %(id)s there now, and gives the dates meanwhile. Write source: %(again)s for this title to keep it."),
    marked(
        "%(id)s is the same work, and gives the dates meanwhile. Write source: %(again)s for this title to keep it."
    ),
    marked("Its dates stay as they were."),
    marked("Their dates stay as they were."),
    marked("%(source)s has lost %(number)s entries"),
    marked("%(title)s cannot be read at its source"),
    marked("%(title)s is missing at its source"),
    marked("%(source)s has moved %(number)s entries"),
    marked("%(id)s does not stand for it any more."),
    marked("%(title)s has another entry at its source"),
    marked("%(title)s: what %(who)s is to hear of it cannot be planned: the log says why"),
    marked("%(number)s more cannot be planned"),
    marked("Telegram does not know the token: write the token that @BotFather shows, then restart reminder"),
    marked("%(detail)s: stop it there, or make a bot of its own for reminder with @BotFather"),
    marked("%(detail)s: have it call deleteWebhook, or make a bot of its own for reminder with @BotFather"),
)
"""What the operator is told of the machine, the database, the sources, the bot."""

OVER_ONCE: Final = marked("its use was over after 1 try: %(reason)s")
OVER: Final = marked("its use was over after %(number)s tries: %(reason)s")
TEXTS: Final = (*REASONS, *FAILURES, *SILENCES, *STANDSTILLS, *ALARMS, OVER_ONCE, OVER)

_SHAPES: Final = {
    "number": r"\d+(?:\.\d+)?",
    "minutes": r"\d+",
    "pid": r"\d+",
    "id": r"[a-z]+:\S+",
    "again": r"[a-z]+:\S+",
    "host": r"[\w.-]+",
    "scheme": r"[a-z][a-z\d+.-]*",
    "option": r"[^\s=]+",
    "page": r"https?://\S+",
    "now": r"\d{4}-\d\d-\d\d \d\d:\d\d",
    "end": r"\d{4}-\d\d-\d\d \d\d:\d\d",
}
"""What can stand in a place; elsewhere anything can."""
_PLACE: Final = re.compile(r"%\((\w+)\)s")


class KeptReason(Wording):
    """A value of the ledger, which is a sentence of the table in other languages."""

    @classmethod
    def of(cls, text: str, sentence_id: str) -> Self:
        """Make it of the value and the id of its sentence."""
        return cls("%(text)s", text=text, sentence_id=sentence_id)

    def translated(self, translator: Translator) -> str:
        """Return the sentence."""
        return cast("Language", translator).say(str(self.values["sentence_id"]))


@lru_cache(maxsize=4096)  # the same few reasons stand in very many rows
def recognised(text: str) -> str:
    """Given a text that was kept, return the wording that it was made of; the text itself where it is none of ours."""
    if text in KEPT_IDS:
        return KeptReason.of(text, KEPT_IDS[text])
    if text in _plain():
        return Wording(text)
    for template, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found:
            said = found.groupdict()
            return Wording(template, **{**said, **({"reason": recognised(said["reason"])} if "reason" in said else {})})
    return text


def in_language(text: str, language: Language) -> str:
    """Return a text that was kept, in a language; what is none of ours stays as it is."""
    known = recognised(text)
    if isinstance(known, Wording):
        return known.translated(language)
    bare = recognised(text.removesuffix("."))
    if isinstance(bare, Wording):
        return language.stopped(bare.translated(language))
    # `tvmaze:44933: it does not know this entry.`
    of, _, reason = text.partition(": ")
    said = in_language(reason, language) if reason else reason
    return f"{of}: {said}" if said != reason else text


@cache
def _plain() -> frozenset[str]:
    return frozenset(text for text in TEXTS if not _PLACE.search(text))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the templates with places, those first that say the most in their own words."""
    known = sorted((text for text in TEXTS if _PLACE.search(text)), key=lambda text: -len(_PLACE.sub("", text)))
    return tuple((text, re.compile("".join(_pieces(text)), re.DOTALL)) for text in known)


def _pieces(template: str) -> Iterator[str]:
    for number, piece in enumerate(_PLACE.split(template)):
        yield f"(?P<{piece}>{_SHAPES.get(piece, '.+')})" if number % 2 else re.escape(piece)
