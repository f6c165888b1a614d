"""What the page's script says, in the language of the page: it is handed over in an attribute, as JSON."""

from __future__ import annotations

import json
from functools import lru_cache

from reminder.core.text.language import Language
from reminder.web.visit import language_now


def script_words() -> str:
    """Return the texts of the script in the language of the present request."""
    return _words_in(language_now())


@lru_cache(maxsize=64)
def _words_in(language: Language) -> str:
    say = language.gettext
    help_ = (
        say("the field to search or to add by"),
        say("next row, row before"),
        say("Upcoming, Month, Add"),
        say("Messages, History, Channels, Me"),
        say("this help"),
    )
    words = {
        "copied": say("Copied"),
        "uncopied": say("Not copied: select it by hand"),
        "shown": say("{n} of {all}"),
        "help": help_,
        "single": say("Single keys do this in this browser"),
        "close": say("Close"),
        "keys": say("Keys"),
    }
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))
