"""Words made into what one service takes: its form, its limits, its mentions defused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from reminder.core.text.markup import escape_html, escape_markdown
from reminder.core.text.message import Words
from reminder.notify.limits import PLAIN_LIMIT, Service, TextForm, Unit
from reminder.notify.text import cut, defuse, size, tidy

DEFAULT_BODY: Final = 32768
ROOM_FOR_MARKUP: Final = 16
"""What the merged subject's bold signs and line ends take."""


@dataclass(frozen=True, kw_only=True)
class ServiceShape:
    """The limits and forms of a service, with apprise's own numbers where our table has none."""

    write: TextForm
    declare: TextForm
    body: int
    title: int
    unit: Unit
    defuse: bool
    only_html: bool = False


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A message as it is handed to a plugin: `form` is what the plugin is told the body is written in."""

    title: str
    body: str
    form: TextForm


def shape(service: Service, plugin: Any, asked: str | None = None) -> ServiceShape:
    """Return what a plugin's service takes; `asked` is the URL's own `format=`, which wins over our table."""
    own = _own_form(plugin)
    wanted = TextForm(asked) if asked in set(TextForm) else None
    write = wanted or service.write or own
    body, title = _known(plugin.body_maxlen, DEFAULT_BODY), _known(plugin.title_maxlen, 0)
    return ServiceShape(
        write=write,
        declare=wanted or service.declare or own,
        body=service.body if service.body is not None else body,
        title=service.title if service.title is not None else title,
        unit=service.unit,
        defuse=service.defuse,
        only_html=service.only_html,
    )


def _own_form(plugin: Any) -> TextForm:
    formats = [str(getattr(each, "value", each)) for each in _listed(plugin.notify_format)]
    return TextForm.TEXT if "text" in formats else TextForm(formats[0])


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _known(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise


def fit(words: Words, to: ServiceShape, *, plain: bool = False) -> Fitted:
    """Return `words` in the form and length that a service takes; `plain`: text only, and short."""
    fitted = _fit(words, to, plain=plain)
    if fitted.form is TextForm.TEXT and to.only_html:
        # Handed over as text, `<b>` in a title would become markup, and `&amp;` an `&`.
        return Fitted(title=fitted.title, body=_as(fitted.body, TextForm.HTML), form=TextForm.HTML)
    return fitted


def _fit(words: Words, to: ServiceShape, *, plain: bool) -> Fitted:
    form = TextForm.TEXT if plain else to.write
    limit = min(to.body, PLAIN_LIMIT) if plain else to.body
    subject, body = tidy(words.subject), tidy(_body(words.short() if plain else words, form))
    if to.defuse:
        subject, body = defuse(subject), defuse(body)
    declared = TextForm.TEXT if plain else to.declare
    if to.title > 0:
        return _apart(words, subject, body, to, limit, form, declared)
    return _merged(words, subject, body, to, limit, form, declared)


def _apart(
    words: Words, subject: str, body: str, to: ServiceShape, limit: int, form: TextForm, declared: TextForm
) -> Fitted:
    title = cut(subject, to.title, unit=to.unit)
    if form is not TextForm.TEXT and size(body, to.unit) > limit:
        body, declared = _plain_body(words, to), TextForm.TEXT
    body = cut(body, limit, link=words.link, unit=to.unit)
    # A service given no body at all refuses or forgets the message.
    return Fitted(title=title, body=body.strip() or title, form=declared)


def _merged(
    words: Words, subject: str, body: str, to: ServiceShape, limit: int, form: TextForm, declared: TextForm
) -> Fitted:
    whole = _joined(subject, body, form)
    if form is not TextForm.TEXT and size(whole, to.unit) > limit:
        # Markup cut in the middle is no markup: what is too long goes as text.
        plain = cut(_joined(subject, _plain_body(words, to), TextForm.TEXT), limit - ROOM_FOR_MARKUP, link=words.link,
                    unit=to.unit)  # fmt: skip
        return Fitted(title="", body=_as(plain, form), form=declared)
    return Fitted(title="", body=cut(whole, limit, link=words.link, unit=to.unit), form=declared)


def _plain_body(words: Words, to: ServiceShape) -> str:
    body = tidy(words.plain())
    return defuse(body) if to.defuse else body


def _as(plain: str, form: TextForm) -> str:
    return escape_html(plain).replace("\n", "<br>\n") if form is TextForm.HTML else plain


def _joined(subject: str, body: str, form: TextForm) -> str:
    body = body.strip()
    if form is TextForm.HTML:
        return f"<b>{escape_html(subject)}</b><br>\n{body}" if body else f"<b>{escape_html(subject)}</b>"
    if form is TextForm.MARKDOWN:
        return f"**{escape_markdown(subject)}**\n\n{body}".rstrip()
    return f"{subject}\n{body}".rstrip()


def _body(words: Words, form: TextForm) -> str:
    if form is TextForm.HTML:
        return words.html()
    return words.markdown() if form is TextForm.MARKDOWN else words.plain()
