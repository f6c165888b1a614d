"""Reads one bot by long polls on a thread of its own, answers what comes, and says why where it cannot be read."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from reminder.bot.answer import BotAnswer, as_message, as_note, keyboard_of
from reminder.bot.conversation import Conversation, LostLease
from reminder.bot.patience import BotPatience
from reminder.bot.site import BotSite
from reminder.bot.updates import BotUpdate, read_updates
from reminder.core.errors import ReminderError, StoreError
from reminder.notify.bot_api import BotApi, BotApiError, BotProblem
from reminder.usecases import bot_reading
from reminder.usecases.bot_reading import KnownBot

log = logging.getLogger(__name__)

POLL: Final = 25
"""Seconds that Telegram waits for something to come; shorter than the lease, which is renewed before each."""
MARGIN: Final = 10.0
"""Seconds by which its answer may be later."""
AT_ONCE: Final = 50
"""Updates that are taken at once."""
OTHERS_TURN: Final = 15.0
"""Seconds until a daemon looks again whether another still reads the bot."""
LONGEST_WAIT: Final = 30.0
"""Seconds for which an answer is held back at most where Telegram asks to slow down."""
TO_END: Final = 3.0
"""Seconds that the thread gets to come to its end."""

READ_ELSEWHERE: Final = frozenset({BotProblem.CONFLICT, BotProblem.WEBHOOK})
WANTED: Final = ("message", "callback_query")


@dataclass(kw_only=True)
class BotReader:
    """Reads the bot of a site. `number` is the bot's own, by which daemons agree who reads it; `owner` is this daemon.

    `is_wanted` tells, before each poll, whether the bot is to be read still.
    """

    site: BotSite
    api: BotApi
    number: str
    owner: str
    is_wanted: Callable[[], bool]
    stop: threading.Event = field(default_factory=threading.Event)
    _patience: BotPatience = field(default_factory=BotPatience)
    _conversation: Conversation | None = None
    _reads: bool = False
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name=f"bot {self.site.channel.name}", daemon=True)

    @property
    def is_alive(self) -> bool:
        """Tell whether it still reads."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def end(self) -> None:
        """Have it come to its end, a call that is under way included."""
        self.stop.set()
        self.api.cut_off()

    def join(self) -> None:
        """Wait for its end, but not for long."""
        self._thread.join(TO_END)

    # The loop --------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self.stop.is_set():
                wait = self._turn()
                if wait is None:
                    self._say_nobody_reads()
                    break
                self.stop.wait(wait)
        except Exception:
            log.exception("bot's reader ended", extra={"channel": self.site.channel.name})
        finally:
            self._leave()

    def _turn(self) -> float | None:
        """Read once; return the seconds until the next time, None where nobody wants it any more."""
        try:
            conversation = self._conversation or self._get_to_know()
            if not self.is_wanted():
                return None
            read_to = self._lease()
            if read_to is None:
                self._reads = False
                return OTHERS_TURN
            self._say_who_reads()
            updates = read_updates(self._poll(read_to))
            self._went_well(conversation)
            for update in updates:
                self._handle(conversation, update)
        except BotApiError as error:
            return self._went_wrong(error)
        except LostLease:
            return 0.0  # the next turn tells whether another daemon reads, or only time had run out
        except ReminderError as error:
            return self._without_database(error)
        return 0.0

    def _get_to_know(self) -> Conversation:
        """Ask the bot for its name, unless it is known: it is a part of the link by which people join."""
        channel = self.site.channel
        with self.site.database.read() as tx:
            known = bot_reading.known_bot(tx, channel.fingerprint)
        username = known.username if known else ""
        if not username:
            me = self.api.call("getMe")
            username = str(me.get("username") or "") if isinstance(me, dict) else ""
        self._note(KnownBot(channel=channel.name, username=username, is_always_read=self.site.is_always_read))
        self._conversation = Conversation(site=self.site, username=username)
        return self._conversation

    def _say_who_reads(self) -> None:
        if not self._reads:
            log.info("bot read here", extra={"channel": self.site.channel.name})
        self._reads = True

    def _say_nobody_reads(self) -> None:
        if self._reads:
            log.info("bot left alone", extra={"channel": self.site.channel.name})

    def _lease(self) -> int | None:
        with self.site.database.write() as tx:
            return bot_reading.take_lease(tx, self.number, self.owner)

    def _poll(self, read_to: int) -> Any:
        asked = {"timeout": POLL, "limit": AT_ONCE, "allowed_updates": WANTED}
        if read_to:
            asked["offset"] = read_to + 1
        return self.api.call("getUpdates", asked, seconds=POLL + MARGIN)

    # One update ------------------------------------------------------------------------------------------------------

    def _handle(self, conversation: Conversation, update: BotUpdate) -> None:
        if self.stop.is_set():
            return

        def note_read(tx: Connection) -> None:
            if not bot_reading.note_read(tx, self.number, self.owner, update.id):
                raise LostLease

        self._tell(update, conversation.answer(update, note_read))

    def _tell(self, update: BotUpdate, answer: BotAnswer) -> None:
        """Say it; what cannot be said is logged, and no reason not to go on."""
        chat = {"chat_id": int(update.chat)} if update.chat else {}
        if update.press_id:
            self._call("answerCallbackQuery", {"callback_query_id": update.press_id, "text": as_note(answer)})
        if update.press_id and answer.is_done and update.message_id is not None:
            buttons = {"reply_markup": keyboard_of(answer.buttons)} if answer.buttons else {}
            self._call("editMessageReplyMarkup", {**chat, "message_id": update.message_id, **buttons})
        for reply in answer.replies:
            self._call("sendMessage", as_message(reply, update.chat))

    def _call(self, method: str, arguments: dict[str, Any]) -> None:
        try:
            self.api.call(method, arguments)
        except BotApiError as error:
            if error.problem is BotProblem.SLOW_DOWN and error.retry_after and error.retry_after <= LONGEST_WAIT:
                self.stop.wait(error.retry_after)
                self._call_again(method, arguments)
            else:
                self._unsaid(method, error)

    def _call_again(self, method: str, arguments: dict[str, Any]) -> None:
        try:
            self.api.call(method, arguments)
        except BotApiError as error:
            self._unsaid(method, error)

    def _unsaid(self, method: str, error: BotApiError) -> None:
        if not self.stop.is_set():
            log.info(
                "bot could not answer", extra={"channel": self.site.channel.name, "call": method, "why": str(error)}
            )

    # How it goes -----------------------------------------------------------------------------------------------------

    def _went_well(self, conversation: Conversation) -> None:
        if self._patience.mended():
            log.info("bot read again", extra={"channel": self.site.channel.name})
            self._note(self._known(username=conversation.username))

    def _went_wrong(self, error: BotApiError) -> float:
        """Note why the bot cannot be read, once for each reason; return when to try again, in seconds."""
        if self.stop.is_set():
            return 0.0
        wait, is_news = self._patience.failed(error.problem, error.retry_after)
        if is_news:
            trouble = trouble_of(error)
            log.warning("bot not read", extra={"channel": self.site.channel.name, "why": trouble})
            self._note(
                self._known(
                    trouble=trouble,
                    since_at=self.site.clock.now(),
                    is_read_elsewhere=error.problem in READ_ELSEWHERE,
                )
            )
        return wait

    def _without_database(self, error: ReminderError) -> float:
        """Wait for the database; why it cannot be used is the daemon's to say."""
        log.debug("bot waits for the database", extra={"why": str(error)})
        return self._patience.without_database()

    def _known(
        self,
        *,
        username: str = "",
        trouble: str | None = None,
        since_at: datetime | None = None,
        is_read_elsewhere: bool = False,
    ) -> KnownBot:
        known = KnownBot(
            channel=self.site.channel.name,
            username=username or (self._conversation.username if self._conversation else ""),
            trouble=trouble,
            since_at=since_at,
            is_always_read=self.site.is_always_read,
        )
        return replace(known, is_read_elsewhere=is_read_elsewhere)

    def _note(self, known: KnownBot) -> None:
        try:
            with self.site.database.write() as tx:
                bot_reading.note_bot(tx, self.site.channel.fingerprint, known)
        except StoreError as error:
            log.debug("bot waits for the database", extra={"why": str(error)})

    def _leave(self) -> None:
        try:
            with self.site.database.write() as tx:
                bot_reading.leave_bot(tx, self.number, self.owner)
        except StoreError as error:
            log.debug("bot waits for the database", extra={"why": str(error)})


def trouble_of(error: BotApiError) -> str:
    """Return why a bot cannot be read, and what to do about it."""
    remedies = {
        BotProblem.CONFLICT: "stop it there, or make a bot of its own for reminder with @BotFather",
        BotProblem.WEBHOOK: "have it call deleteWebhook, or make a bot of its own for reminder with @BotFather",
        BotProblem.TOKEN: "write the token that @BotFather shows, then restart reminder",
    }
    remedy = remedies.get(error.problem)
    text = "Telegram does not know the token" if error.problem is BotProblem.TOKEN else str(error)
    return f"{text}: {remedy}" if remedy else text
