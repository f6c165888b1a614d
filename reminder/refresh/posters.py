"""Fetches the pictures that sources have of what is followed: each once, a few at a time, and keeps them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reminder.core.sourcing.answers import NoAnswer
from reminder.core.sourcing.pictures import KEPT, MOST_BYTES, MOST_IN_ALL, picture_kind
from reminder.sources.cache import CallRate, Pacer
from reminder.sources.fetch import FetchedAnswer
from reminder.store import posters
from reminder.store.posters import WantedPoster
from reminder.store.sql.store import Store

log = logging.getLogger(__name__)

AT_ONCE: Final = 40
"""How many are fetched each time that the sources are asked: titles wait for their pictures, never for their dates."""

RATE: Final = CallRate(calls=20, seconds=10.5)


@dataclass(kw_only=True)
class PosterKeeper:
    """Keeps pictures of titles. `fetch` goes only where the program may go, and reads no more than a picture has."""

    store: Store
    fetch: Callable[[str], FetchedAnswer | NoAnswer]
    pacer: Pacer
    most_in_all: int = MOST_IN_ALL

    def keep(self, now: datetime) -> int:
        """Fetch what is to be fetched at `now`, and return how many pictures were kept. Raises StoreError."""
        with self.store.read() as tx:
            if not posters.has_wanted(tx, now, KEPT):
                return 0
        with self.store.write() as tx:
            wanted = posters.claim_wanted(tx, now, KEPT, AT_ONCE)
            room = self.most_in_all - posters.bytes_kept(tx)
        kept = 0
        for each in wanted:
            if room <= 0 or not self.pacer.wait():
                break
            content = self._fetched(each)
            if content is not None and len(content) <= room:
                self._keep(each, content, now)
                room -= len(content)
                kept += 1
        return kept

    def _fetched(self, wanted: WantedPoster) -> bytes | None:
        """Return a picture; what is none is left alone until tomorrow."""
        answer = self.fetch(wanted.url)
        why = why_not(answer)
        if why is None and isinstance(answer, FetchedAnswer):
            return answer.body
        log.info("picture not kept", extra={"title": wanted.key, "why": why})
        return None

    def _keep(self, wanted: WantedPoster, content: bytes, now: datetime) -> None:
        with self.store.write() as tx:
            posters.keep_picture(tx, wanted, picture_kind(content) or "", content, now)


def why_not(answer: FetchedAnswer | NoAnswer) -> str | None:
    """Return why an answer is no picture that can be kept, None where it is one."""
    if isinstance(answer, NoAnswer):
        return answer.reason
    if answer.status != 200:
        return f"the answer is {answer.status}"
    if len(answer.body) > MOST_BYTES:
        return f"it is larger than {MOST_BYTES // 1024} KiB"
    return None if picture_kind(answer.body) else "it is no PNG, JPEG or WebP"
