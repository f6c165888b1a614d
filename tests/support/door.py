"""An HTTP endpoint whose answer can be changed while it runs, and that knows what it has accepted."""

from __future__ import annotations

import ssl
from typing import Any, Self

from tests.support.sink import Reply, Request, Sink


class Door(Sink):
    """Answers as it is told to until it is told otherwise; what it answered with a 2xx counts as arrived."""

    def __init__(self, reply: Reply | None = None, *, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls=tls)
        self.accepted: list[Request] = []
        self.says(reply or Reply())

    def says(self, reply: Reply) -> Self:
        """Answer so from now on."""

        def decide(request: Request) -> Reply:
            if reply.status < 300 and not reply.hang and not reply.reset:
                self.accepted.append(request)
            return reply

        self.always(decide)
        return self

    @property
    def url(self) -> str:
        """A channel's URL that leads here."""
        return f"json://{self.netloc}/"

    @property
    def titles(self) -> list[str]:
        """The subjects of what arrived, in the order it came."""
        return [str(self._content(request)["title"]) for request in self.accepted]

    @staticmethod
    def _content(request: Request) -> dict[str, Any]:
        content: dict[str, Any] = request.json()
        return content
