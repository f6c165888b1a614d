"""What a template may say of a message: a value for each of its variables."""

from __future__ import annotations

from datetime import datetime

from reminder.core.text.markup import isolated
from reminder.core.text.message import ReaderSettings, Topic, compose
from reminder.core.text.phrases import date_in_full, drop, named, place
from reminder.texts.templates.engine import Value


def variables(
    topic: Topic, reader: ReaderSettings, now: datetime, *, subscriber: str | None = None
) -> dict[str, Value]:
    """Return what a template may say of a topic to `reader` at the instant `now`, by the names in VARIABLES."""
    title, release = topic.title, topic.release
    on, at = release.when.day_in(reader.zone), release.when.at
    words = compose(topic, reader, now)
    return {
        "subject": words.subject,
        "body": words.plain(),
        "kind": str(topic.kind),
        "title": isolated(title.name),
        "season": title.season if release.season is None else release.season,
        "release": release.label,
        "name": named(title, release, reader.language).text,
        "when": date_in_full(release.when, reader) or None,
        "day": on.isoformat() if on else None,
        "time": reader.clock(at) if at else None,
        "days": (on - reader.today(now)).days if on else None,
        "episodes": drop(release, reader.language) or None,
        "platform": isolated(title.where or "") or None,
        "place": place(title.where, reader.language) or None,
        "note": title.note,
        "link": words.link,
        "lead": str(topic.lead) if topic.lead else None,
        "subscriber": subscriber,
        "language": reader.language.code,
    }
