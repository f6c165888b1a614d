"""Recognises files about people by their columns and addresses; nothing of such a file is ever looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from reminder.core.lists.rows import plain_key
from reminder.core.lists.shapes import words
from reminder.core.lists.values import ListError

COLUMNS: Final = "subscriber,channel,address,titles"
"""The first line of a file of people."""
NO_HEADER: Final = (
    "no column is called title, name or subscriber: name the columns in the first line, for a list of titles as in"
    f" `title,year`, for people as in `{COLUMNS}`"
)

_COLUMNS: Final = frozenset(
    words(
        "subscriber subscribers abonnent abonnenten recipient recipients empfanger channel channels "
        "kanal address addresses adresse adressen anschrift mail mails email emails emailaddress "
        "mailaddress phone phones phonenumber telephone tel mobile mobil handy handynummer sms telegram "
        "chat chatid whatsapp signal matrix discord discordid slack ntfy pushover threema mastodon xmpp "
        "jabber webhook firstname lastname surname forename givenname familyname vorname nachname prenom "
        "nomdefamille apellido apellidos cognome birthday birthdate dateofbirth geburtstag geburtsdatum "
        "timezone zeitzone contact contacts kontakt telefono celular courriel correo"
    )
)
_WITHIN: Final = ("email", "telegram", "whatsapp", "chatid", "telefon", "mailad", "phonenumber", "subscriber")
_BESIDE_A_NAME: Final = frozenset(
    words(
        "username user handle nickname member mitglied age alter gender geschlecht role rolle team "
        "timestamp zeitstempel joined customer kunde"
    )
)
_GROUPS: Final = frozenset(
    ["users", "people", "persons", "members", "subscribers", "contacts", "friends", "recipients", "customers"]
)

_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_HANDLE: Final = re.compile(r"@[A-Za-z]\w{3,31}")
_PHONE: Final = re.compile(r"(?:\+|00)[\d ()/.-]{7,22}")
_NUMBER: Final = re.compile(r"(?<![\d.])(?:\+|0)[1-9](?:[ ()/.-]{0,2}\d){7,14}(?![\d.])")
"""A telephone number within a text: no title has one."""
_SCHEME: Final = re.compile(r"\b([a-z][a-z0-9+.-]{1,15})://", re.IGNORECASE)
_HARMLESS: Final = frozenset(
    words(
        "http https imdb tmdb tvdb tvmaze thetvdb themoviedb plex local mbid com.plexapp.agents.imdb "
        "com.plexapp.agents.thetvdb com.plexapp.agents.themoviedb"
    )
)
_HOOK: Final = re.compile(r"https?://\S{0,80}?(?:webhook|hooks\.|ntfy\.sh/|t\.me/)", re.IGNORECASE)


def column_of(names: Iterable[str]) -> str | None:
    """Return the first column, as it is written in the file, that only a file of people has."""
    written = {plain_key(name): name for name in names}
    for plain, name in written.items():
        if plain in _COLUMNS or any(word in plain for word in _WITHIN):
            return name
    if "title" in written or "titel" in written or "name" not in written:
        return None
    return next((name for plain, name in written.items() if plain in _BESIDE_A_NAME), None)


def key_of(line: str) -> str | None:
    """Return the key that a line such as `- address: 12345` begins with, where only people have it."""
    key, colon, _ = line[:60].lstrip("-* ").partition(":")
    plain = plain_key(key)
    return plain if colon and plain in _COLUMNS else None


def is_group(place: str) -> bool:
    """Tell whether a list within JSON is called as groups of people are."""
    return any(word in _GROUPS for word in place.split("."))


def holds_address(text: str) -> bool:
    """Tell whether an address of a person stands in a text: mail, telephone, or a service's own."""
    if "@" in text and _MAIL.search(text[:4000]):
        return True
    if "://" in text and (
        any(scheme.casefold() not in _HARMLESS for scheme in _SCHEME.findall(text[:4000])) or _HOOK.search(text[:4000])
    ):
        return True
    return _NUMBER.search(text[:4000]) is not None


def is_handle(text: str) -> bool:
    """Tell whether a whole field is a name at a service (`@sam`) or a telephone number."""
    said = text.strip()
    return bool(_HANDLE.fullmatch(said) or (_PHONE.fullmatch(said) and sum(sign.isdigit() for sign in said) > 7))


def refusal(sign: str) -> ListError:
    """Return the error about a file of people; `sign` says what it was known by, without any of their data."""
    return ListError(
        f"it looks like a list of people, not of titles ({sign}): which column is the subscriber? To bring people in,"
        f" name the columns as in `{COLUMNS}`; in a list of titles leave such columns out. Nothing was looked up"
    )
