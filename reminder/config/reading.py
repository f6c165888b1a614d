"""Reads the settings of the second reader of announcements."""

from __future__ import annotations

from urllib.parse import urlsplit

from reminder.config.draft import Draft
from reminder.config.report import Report
from reminder.config.secrets import Expanded, Secrets
from reminder.config.source_parsers import understood_endpoint
from reminder.config.values import ReadingSettings
from reminder.core.model.secret import Secret
from reminder.core.sending.proxies import is_of_home


def reading(made: Draft, secrets: Secrets, report: Report) -> ReadingSettings | None:
    """Return the second reader, None without one; a warning says why it is not asked, or that a text leaves home."""
    spec = made.top.spec.reading
    if spec is None:
        return None
    url = _understood(secrets.expand(spec.url))
    key = secrets.expand(spec.key) if spec.key is not None else Expanded(text=None)
    for name, part in (("url", url), ("key", key)):
        if part.problem is not None:
            report.warning(("reading", name), f"{part.problem}; until then the second reader is not asked")
    problem = url.problem or key.problem
    if url.text is not None:
        _warn_of_host(url.text, report)
    return ReadingSettings(url=None if problem else url.text, model=spec.model, key=key.text, problem=problem)


def _understood(found: Expanded) -> Expanded:
    """Return the address with its secrets in place: a value may turn out to be no address at all."""
    if found.text is None:
        return found
    try:
        return Expanded(text=Secret(understood_endpoint(found.text.reveal())))
    except ValueError as error:
        return Expanded(text=None, problem=f"{' and '.join(found.names)} makes no address: {error}")


def _warn_of_host(url: Secret, report: Report) -> None:
    parts = urlsplit(url.reveal())
    host = parts.hostname or ""
    if is_of_home(host):
        return
    text = f"{host} is not on your own network: the text of each announcement that is read goes there"
    plain = ", and anyone on the way can read it and the key: write https://" if parts.scheme == "http" else ""
    report.warning(("reading", "url"), text + plain)
