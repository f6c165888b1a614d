"""Asks the second reader, within a time, and says in one sentence why it was not heard."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reminder.announcements.reading.believing import Statement
from reminder.announcements.reading.prepared import Prepared
from reminder.announcements.second_reader.answer import NotRead, Silent, statements_in
from reminder.announcements.second_reader.endpoint import Endpoint, EndpointAnswer, Unheard
from reminder.announcements.second_reader.question import question
from reminder.platform.http.connections import HeldSocket

SECONDS: Final = 60.0
"""For everything: a small model on one's own machine needs some; nobody waits longer for a proposal."""

_NO_FORM: Final = frozenset({400, 422, 500, 501})
_WHY: Final = {
    401: "it refused the key (401): look at reading.key",
    403: "it refused the key (403): look at reading.key",
    404: "it knows no such address or model (404): the url ends in /v1 with most servers",
    429: "it is asked too much (429): try later",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SecondReader:
    """A model behind an endpoint. It is asked once about a text, for at most so many seconds in all."""

    endpoint: Endpoint
    model: str
    seconds: float = field(default=SECONDS)

    def ask(self, text: Prepared) -> Mapping[str, Statement] | Silent:
        """Return what it says of a text, by field; never raises, and takes no longer than its seconds."""
        held, answers = HeldSocket(), list[Mapping[str, Statement] | Silent]()
        thread = threading.Thread(target=self._ask_on, args=(text, held, answers), name="second reader", daemon=True)
        thread.start()
        thread.join(self.seconds)
        if not answers:
            held.cut_off()
            return Silent(reason=f"{self.endpoint.host} did not answer within {self.seconds:g} s")
        return answers[0]

    def _ask_on(self, text: Prepared, held: HeldSocket, answers: list[Mapping[str, Statement] | Silent]) -> None:
        try:
            answers.append(self._statements(text, held))
        except (Unheard, NotRead) as error:
            answers.append(Silent(reason=str(error)))
        except Exception as error:  # noqa: BLE001  at a thread's edge: a reading goes on without a second reader
            log.warning("second reader failed", extra={"error": type(error).__name__})
            answers.append(Silent(reason="it failed for a reason of our own"))

    def _statements(self, text: Prepared, held: HeldSocket) -> Mapping[str, Statement]:
        """Ask, and once more without the form of the answer where a server does not take that."""
        answer = self.endpoint.post(question(text, self.model, in_form=True), held)
        if answer.status in _NO_FORM:
            answer = self.endpoint.post(question(text, self.model, in_form=False), held)
        if answer.status != 200:
            raise Unheard(self._refused(answer))
        try:
            return statements_in(answer.body)
        except NotRead as error:
            raise NotRead(f"{self.endpoint.host} {error}") from None

    def _refused(self, answer: EndpointAnswer) -> str:
        if 300 <= answer.status < 400:
            why = f"it redirects ({answer.status}), which is not followed: write the address that it leads to"
        else:
            why = _WHY.get(answer.status, f"it answered {answer.status}")
        return f"{self.endpoint.host}: {why}"
