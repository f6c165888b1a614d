"""The kinds of channels that `init` knows by name, and what each needs: asked in a person's words."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from reminder.cli.asking import ask, choose, new_name
from reminder.cli.talk import say
from reminder.config.parsers import parse_channel
from reminder.core.model.entities import Channel
from reminder.core.model.secret import Secret
from reminder.notify.judging import problem_of  # loads apprise
from reminder.notify.schemas import refusal
from reminder.notify.telegram import TOKEN, Chat, TelegramError, bot_of, chats_of

_MAIL: Final = re.compile(r"[^@\s/?#:]+@[^@\s/?#:]+\.[^@\s/?#:]+")
_CHAT: Final = re.compile(r"-?\d{1,20}|@[A-Za-z0-9_]{3,}", re.ASCII)
_TOPIC: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class NewChannel:
    """A channel that was asked for: its name, its URL as the config has it, and the secrets in it by name."""

    name: str
    url: str
    secrets: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Provider:
    """A mail provider: its server for sending, and where it gives out passwords for programs (None: the usual one)."""

    name: str
    host: str
    program_page: str | None = None


# Each provider's own help pages, for sending over TLS from the start (port 465) or STARTTLS (587).
_PROVIDERS: Final = {
    "gmail.com": _Provider(
        name="Gmail", host="smtp.gmail.com:465", program_page="https://myaccount.google.com/apppasswords"
    ),
    "googlemail.com": _Provider(
        name="Gmail", host="smtp.gmail.com:465", program_page="https://myaccount.google.com/apppasswords"
    ),
    "icloud.com": _Provider(name="iCloud", host="smtp.mail.me.com:587", program_page="https://account.apple.com"),
    "me.com": _Provider(name="iCloud", host="smtp.mail.me.com:587", program_page="https://account.apple.com"),
    "yahoo.com": _Provider(
        name="Yahoo", host="smtp.mail.yahoo.com:465", program_page="https://login.yahoo.com/account/security"
    ),
    "fastmail.com": _Provider(
        name="Fastmail", host="smtp.fastmail.com:465", program_page="Settings, Privacy & Security, Manage app passwords"
    ),
    "gmx.net": _Provider(name="GMX", host="mail.gmx.net:465"),
    "gmx.de": _Provider(name="GMX", host="mail.gmx.net:465"),
    "web.de": _Provider(name="WEB.DE", host="smtp.web.de:587"),
    "posteo.de": _Provider(name="Posteo", host="posteo.de:465"),
    "mailbox.org": _Provider(name="mailbox.org", host="smtp.mailbox.org:465"),
}
_NO_PASSWORDS: Final = frozenset({"outlook.com", "hotmail.com", "live.com", "msn.com"})
"""They take no password from programs any more (since September 2024), only sign-in by a browser."""


def ask_channel(known: Collection[str], used_secrets: Collection[str]) -> NewChannel | None:
    """Ask for one channel more; None when there are no more. Names in `known` and `used_secrets` are taken."""
    kinds: tuple[tuple[str, Callable[[Collection[str], Collection[str]], NewChannel | None]], ...] = (
        ("Telegram", _telegram),
        ("mail", _mail),
        ("ntfy (an app for push messages)", _ntfy),
        ("Discord", _discord),
        ("another service, by its URL", _other),
    )
    chosen = choose(
        "Which", [name for name, _ in kinds], "no more" if known else "none: messages appear on the terminal"
    )
    if chosen is None:
        return None
    made = kinds[chosen][1](known, used_secrets)
    return made if made is not None else ask_channel(known, used_secrets)


def _named(default: str, known: Collection[str]) -> str:
    free = next(name for name in (default, *(f"{default}{number}" for number in range(2, 99))) if name not in known)
    return ask("What to call it", lambda text: new_name(text, known, "channel"), free)


def _free(name: str, used: Collection[str]) -> str:
    """Return a name for a secret that stands for no other yet."""
    return next(each for each in (name, *(f"{name}_{number}" for number in range(2, 99))) if each not in used)


# Telegram ------------------------------------------------------------------------------------------------------------


def _telegram(known: Collection[str], used: Collection[str]) -> NewChannel:
    say("In Telegram, write /newbot to @BotFather, answer its two questions, and copy the token that it gives you.")
    token = ask("The bot's token", _token)
    try:
        bot = bot_of(token)
        say(f"That is the bot {bot.name}. Open https://t.me/{bot.username} and write anything to it now.")
    except TelegramError as error:
        say(f"{error}. The token is taken as it is.")
    chat = _chat(token)
    name = _free("TELEGRAM_TOKEN", used)
    return NewChannel(name=_named("telegram", known), url=f"tgram://${{{name}}}/{chat}", secrets={name: token})


def _token(text: str) -> str:
    if TOKEN.fullmatch(text.strip()) is None:
        raise ValueError("a bot's token looks like 123456789:AAH… (numbers, a colon, some 35 letters and signs)")
    return text.strip()


def _chat(token: str) -> str:
    """Return the number of the chat that messages go to: found in what was written to the bot, or typed."""
    while True:
        typed = ask("Press Enter when you have (or write the chat's number)", _chat_or_nothing, "")
        if typed:
            return typed
        found: tuple[Chat, ...] = ()
        try:
            found = chats_of(token)
        except TelegramError as error:
            say(f"{error}.")
            continue
        if not found:
            say("Nothing has arrived yet: write to the bot, not to @BotFather, and try again.")
        elif len(found) == 1:
            say(f"Found {found[0]}.")
            return found[0].id
        else:
            say("Several people have written to it. Whose chat is meant?")
            return found[choose("Which", [str(chat) for chat in found]) or 0].id


def _chat_or_nothing(text: str) -> str:
    if text.strip() and _CHAT.fullmatch(text.strip()) is None:
        raise ValueError("a chat is a number, such as 123456789, or -100… for a group")
    return text.strip()


# Mail ----------------------------------------------------------------------------------------------------------------


def _mail(known: Collection[str], used: Collection[str]) -> NewChannel | None:
    address = ask("Your mail address", _address)
    user, _, domain = address.partition("@")
    if domain.lower() in _NO_PASSWORDS:
        say(f"{domain} takes no passwords from programs any more: choose another address to send from, or another way.")
        return None
    provider = _PROVIDERS.get(domain.lower())
    host = provider.host if provider else ask("Its server for sending mail", _server, f"smtp.{domain}:465")
    if provider and provider.program_page:
        say(
            f"{provider.name} wants an app password, not your usual one. It gives you one here: {provider.program_page}"
        )
    password = ask("The password (it is not shown)", _something, hidden=True)
    name = _free("MAIL_PASSWORD", used)
    login = f"{_encoded(user)}%40{domain}:${{{name}:quoted}}"
    to = ask("Where mail shall go", _address, address)
    url = f"mailtos://{login}@{host}?from={_encoded(address)}&to={_encoded(to)}"
    return NewChannel(name=_named("email", known), url=url, secrets={name: password})


def _encoded(text: str) -> str:
    return quote(text, safe="@.")


def _address(text: str) -> str:
    if _MAIL.fullmatch(text.strip()) is None:
        raise ValueError("a mail address looks like asha@example.com")
    return text.strip()


def _server(text: str) -> str:
    if _HOST.fullmatch(text.strip()) is None:
        raise ValueError("a server looks like smtp.example.com:465")
    return text.strip()


def _something(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text.strip()


# The others ----------------------------------------------------------------------------------------------------------


def _ntfy(known: Collection[str], used: Collection[str]) -> NewChannel:
    server = ask("Its server", _server, "ntfy.sh")
    say("Whoever knows a topic's name can read it: the one proposed cannot be guessed.")
    topic = ask("The topic", _topic, f"reminder-{secrets.token_hex(8)}")
    say(f"Subscribe to it in the ntfy app: https://{server}/{topic}")
    name = _free("NTFY_TOPIC", used)
    return NewChannel(name=_named("phone", known), url=f"ntfys://{server}/${{{name}}}", secrets={name: topic})


def _topic(text: str) -> str:
    if _TOPIC.fullmatch(text.strip()) is None:
        raise ValueError("a topic is made of letters, digits, - and _")
    return text.strip()


def _discord(known: Collection[str], used: Collection[str]) -> NewChannel:
    say("In Discord: the channel's settings, Integrations, Webhooks, New Webhook, Copy Webhook URL.")
    url = ask("The webhook's address", _url)
    name = _free("DISCORD_WEBHOOK", used)
    return NewChannel(name=_named("discord", known), url=f"${{{name}}}", secrets={name: url})


def _other(known: Collection[str], used: Collection[str]) -> NewChannel:
    say("Any of apprise's URLs will do (https://appriseit.com/services/); console:// is this terminal.")
    url = ask("Its URL", _url)
    scheme = url.partition("://")[0].lower()
    service = scheme.rstrip("s") if scheme.isalnum() else ""
    called = _named("screen" if scheme == "console" else service or "other", known)
    if scheme == "console" or "${" in url:
        return NewChannel(name=called, url=url)
    name = _free(f"{re.sub('[^A-Z0-9]', '_', called.upper())}_URL", used)
    return NewChannel(name=called, url=f"${{{name}}}", secrets={name: url})


def _url(text: str) -> str:
    """Return a channel's URL that can be used as it is. Raises ValueError in our own words."""
    url = parse_channel(text)
    refused = None if url.startswith("${") else refusal(url)
    if refused is None and "$" not in url:
        refused = problem_of(Channel(name="new", url=Secret(url)))
    if refused:
        raise ValueError(refused)
    return url
