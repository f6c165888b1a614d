"""Builds the one WSGI application of the page and the interface for programs."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from reminder.core.errors import StoreError, WrongInput
from reminder.platform.project import guide_address
from reminder.web import feeds
from reminder.web.api.problems import is_for_api, problem, refusal, wrong_input
from reminder.web.api.routes import api_pages
from reminder.web.assets import Assets
from reminder.web.guard import guard, marked_for_forms
from reminder.web.pages import (
    act,
    add,
    addresses,
    browser,
    channels,
    healthz,
    history,
    install,
    join,
    me,
    messages,
    month,
    people,
    posters,
    settings,
    sign_in,
    status,
    title,
    title_acts,
    upcoming,
)
from reminder.web.refusals import REASONS, STALE, asked_route, note_refusal
from reminder.web.routing import add_pages, current_visit
from reminder.web.script_words import script_words
from reminder.web.sending import unsent
from reminder.web.site import Site
from reminder.web.sorry import nearest_page, sorry, stale
from reminder.web.spoken import FORM_CHOICE, MENDING, chosen, language_links
from reminder.web.visit import language_now
from reminder.web.words import FILTERS

log = logging.getLogger(__name__)

MOST_BYTES: Final = 1024 * 1024
"""The largest request that is read: an announcement is half of that at most."""

NOTED: Final = frozenset({403, 413, 421, 429})
"""What stands in the log: not a page that is missing, or a token that is."""


def build_app(site: Site) -> Flask:
    """Return the application that answers for a site."""
    app = Flask("reminder.web", root_path=str(Path(__file__).parent), static_folder=None)
    prefix = "__Host-" if site.is_secure else ""
    app.config.update(
        SECRET_KEY=site.signing_key,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        SESSION_COOKIE_NAME=f"{prefix}reminder-notice",
        SESSION_COOKIE_SECURE=site.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension's
        lambda text: language_now().gettext(text),
        lambda one, many, number: language_now().ngettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: language_now().pgettext(context, text),
        npgettext=lambda context, one, many, number: language_now().npgettext(context, one, many, number),
    )
    app.jinja_env.globals.update(
        language=language_now, language_links=language_links, mending=guide_address(MENDING), script_words=script_words
    )
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]  # Jinja's own looks that up for each text
    assets = Assets(Path(__file__).parent / "static")
    app.jinja_env.globals.update(asset=assets.path, form_token=_form_token, unsent=lambda: unsent(current_visit()))
    guard(app, site)
    _refuse_in_words(app, site)
    add_pages(app, assets.pages, feeds.pages, healthz.pages, me.pages, sign_in.pages, upcoming.pages)
    add_pages(app, *api_pages())
    add_pages(app, channels.pages, posters.pages, status.pages)
    add_pages(app, history.pages, messages.pages, month.pages)
    add_pages(app, title.pages, title_acts.pages, join.pages, addresses.pages, act.pages)
    add_pages(app, install.pages_with(assets), browser.worker_with(assets), browser.pages, add.pages)
    add_pages(app, people.pages, settings.pages)
    return app


def _form_token() -> Markup:
    """Return the hidden field that every form has to bring along; for strangers also the language that they chose."""
    visit = current_visit()
    field = Markup('<input type="hidden" name="{}" value="{}">')
    token = field.format("form_token", marked_for_forms(visit).form_token)
    code = chosen() if visit.someone is None else None
    return token + field.format(FORM_CHOICE, code) if code else token


def _refuse_in_words(app: Flask, site: Site) -> None:
    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        answer = error.get_response()
        status = error.code or 500
        if 300 <= status < 400:
            return Response(response=answer.get_data(), status=status, headers=dict(answer.headers))
        if status in NOTED:
            note_refusal(site, REASONS.get(status) or str(error.description))
        if is_for_api():
            return refusal(error)
        if isinstance(error, MethodNotAllowed) and request.method in {"GET", "HEAD"}:
            return redirect(nearest_page(request.path), 303)  # a page that answered a form, loaded again
        if error.description in STALE:
            return stale()
        return sorry(status, retry_after=answer.headers.get("Retry-After"))

    @app.errorhandler(WrongInput)
    def wrong(error: WrongInput) -> ResponseReturnValue:
        return wrong_input(error) if is_for_api() else sorry(400, error.problems)

    @app.errorhandler(StoreError)
    def unusable(error: StoreError) -> ResponseReturnValue:
        log.warning("database not usable for the page", extra={"why": str(error)})
        return problem(503) if is_for_api() else sorry(503)

    @app.errorhandler(Exception)
    def failed(error: Exception) -> ResponseReturnValue:
        log.error("page failed", exc_info=error, extra={"route": asked_route()})
        return problem(500) if is_for_api() else sorry(500)
