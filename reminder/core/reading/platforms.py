"""Streaming services, channels and cinemas, and how texts name them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

CINEMAS: Final = "Cinemas"

# name as it is proposed: the other spellings, as patterns. A name stands for itself. Longer spellings win.
_NAMED: Final[dict[str, str]] = {
    # streaming services
    "Prime Video": r"Amazon(?!\s+(?:MGM|Studios|Prime|Freevee|MX))|Amazon\s+Prime\s+Video|Amazon\s+Prime|Amazon['’]s\s+Prime\s+Video|Prime\s+Video\s+OTT",
    "Amazon MGM+": r"MGM\s?\+",
    "Freevee": r"Amazon\s+Freevee",
    "Netflix": r"Netfliks(?:ie|a|em|owi)?|Netflixie|Netflixa",
    "Disney+": r"Disney\s?\+|Disney\s+Plus",
    "JioHotstar": r"Jio\s?Hotstar|Disney\s?\+\s+Hotstar|Disney\s+Plus\s+Hotstar|Hotstar",
    "JioCinema": r"Jio\s?Cinema",
    "Hulu": r"",
    "HBO Max": r"HBO\s?Max",
    "Max": r"",
    "Apple TV+": r"Apple\s?TV\s?\+|Apple\s+TV\s+Plus",
    "Apple TV": r"",
    "Paramount+": r"Paramount\s?\+(?:\s+with\s+Showtime)?|Paramount\s+Plus",
    "Peacock": r"Peacock\s+TV",
    "AMC+": r"AMC\s?\+|AMC\s+Plus",
    "Discovery+": r"Discovery\s?\+|Discovery\s+Plus",
    "BET+": r"BET\s?\+|BET\s+Plus",
    "ESPN+": r"ESPN\s?\+",
    "Sky": r"Sky\s+(?:Atlantic|Max|One|Cinema|Showcase|Crime|Comedy|Documentaries|Deutschland|Go|Q)|Sky\s+and\s+NOW",
    "WOW": r"",
    "NOW": r"",
    "Crunchyroll": r"",
    "HIDIVE": r"HiDive",
    "Shudder": r"",
    "Acorn TV": r"Acorn",
    "BritBox": r"Brit\s?box",
    "Tubi": r"",
    "Roku": r"(?:The\s+)?Roku\s+Channel",
    "Pluto TV": r"",
    "Plex": r"",
    "Mubi": r"MUBI",
    "YouTube": r"YouTube\s+(?:Premium|Red|Originals)",
    "Viaplay": r"",
    "SkyShowtime": r"",
    "Crave": r"",
    "Stan": r"",
    "Binge": r"BINGE",
    "Sun NXT": r"SunNXT",
    "SonyLIV": r"Sony\s?LIV|SonyLiv",
    "ZEE5": r"Zee5|Zee\s5",
    "aha": r"Aha(?:\s+Video)?",
    "MX Player": r"Amazon\s+MX\s+Player",
    "Lionsgate Play": r"",
    "ManoramaMAX": r"Manorama\s?Max",
    "Viki": r"Rakuten\s+Viki",
    "Viu": r"",
    "iQIYI": r"iQiyi",
    "TVING": r"Tving",
    "Wavve": r"",
    "Kocowa": r"",
    "Globoplay": r"",
    "Vix": r"ViX",
    "Movistar Plus+": r"Movistar\s*(?:Plus)?\s?\+",
    "Filmin": r"",
    "Atresplayer": r"atresplayer",
    "Mediaset Infinity": r"",
    "RaiPlay": r"Rai\s?[Pp]lay",
    "TIMvision": r"TimVision",
    "NowTV": r"NOW\s?TV",
    "RTL+": r"RTL\s?\+|RTL\s+Plus|TVNOW",
    "Joyn": r"Joyn\s?\+?",
    "MagentaTV": r"Magenta\s?TV",
    "ARD": r"ARD[\s-]Mediathek|Das\s+Erste|ARD",
    "ZDF": r"ZDF[\s-]?Mediathek|ZDFneo|ZDFmediathek",
    "Arte": r"ARTE",
    "OCS": r"",
    "Canal+": r"Canal\s?\+|Canal\s+Plus|myCanal",
    "Player": r"Player\.pl",
    "CDA Premium": r"",
    "TVP": r"TVP\s?(?:VOD|1|2)?",
    "TVN": r"",
    "Polsat": r"Polsat\s+Box",
    # channels
    "HBO": r"",
    "Showtime": r"",
    "Starz": r"STARZ",
    "Cinemax": r"",
    "AMC": r"",
    "FX": r"FXX|FX\s+on\s+Hulu",
    "ABC": r"ABC\s+Television\s+Network",
    "CBS": r"",
    "NBC": r"",
    "Fox": r"FOX",
    "The CW": r"(?:The|the)\s+CW|CW",
    "PBS": r"PBS\s+Masterpiece|Masterpiece\s+on\s+PBS",
    "Syfy": r"SYFY",
    "USA Network": r"USA(?=\s+and\s+Syfy)",
    "TNT": r"",
    "TBS": r"",
    "BET": r"",
    "MTV": r"",
    "VH1": r"",
    "Bravo": r"",
    "Freeform": r"",
    "Lifetime": r"",
    "Hallmark Channel": r"Hallmark(?:\s+(?:Mystery|Media|\+|Movies\s+&\s+Mysteries))?",
    "History": r"HISTORY(?:\s+Channel)?|History\s+Channel",
    "National Geographic": r"Nat\s+Geo|NatGeo",
    "Discovery Channel": r"",
    "TLC": r"",
    "HGTV": r"",
    "Food Network": r"",
    "Adult Swim": r"",
    "Cartoon Network": r"",
    "Nickelodeon": r"",
    "Disney Channel": r"",
    "Disney XD": r"",
    "Comedy Central": r"",
    "Paramount Network": r"",
    "IFC": r"",
    "WGN America": r"",
    "Sundance TV": r"SundanceTV",
    "TV Land": r"",
    "truTV": r"",
    "Epix": r"EPIX",
    "Oxygen": r"",
    "Pop TV": r"Pop\s+TV",
    "The Weather Channel": r"",
    "Travel Channel": r"",
    "ALLBLK": r"",
    "CBS All Access": r"",
    "DC Universe": r"",
    "Facebook Watch": r"",
    "Quibi": r"",
    "Disney Junior": r"",
    "Nick Jr.": r"Nick\s+Jr",
    "Toonami": r"",
    "Funimation": r"",
    "Tokyo MX": r"TOKYO\s+MX",
    "Voot": r"",
    "ALTBalaji": r"ALT\s?Balaji",
    "Eros Now": r"",
    "hoichoi": r"Hoichoi",
    "ETV Win": r"",
    "Simply South": r"",
    "Tentkotta": r"",
    "RTP": r"RTP\s?(?:1|2|Play)",
    "SIC": r"",
    "LaSexta": r"laSexta",
    "Cuatro": r"",
    "Disney+ Hotstar": r"Disney\s?\+\s?Hotstar",
    "A&E": r"",
    "WE tv": r"",
    "OWN": r"",
    "BBC iPlayer": r"iPlayer",
    "BBC One": r"BBC\s?1|BBC1",
    "BBC Two": r"BBC\s?2|BBC2",
    "BBC Three": r"",
    "BBC Four": r"",
    "BBC America": r"",
    "BBC": r"",
    "ITV1": r"",
    "ITVX": r"ITV\s+Hub",
    "ITV": r"",
    "Channel 4": r"",
    "Channel 5": r"",
    "U&Alibi": r"Alibi",
    "RTÉ": r"RTÉ\s+(?:One|2|Player)",
    "CBC": r"CBC\s+Gem",
    "CTV": r"",
    "ABC iview": r"iview",
    "SBS": r"SBS\s+On\s+Demand",
    "tvN": r"TvN",
    "JTBC": r"",
    "KBS2": r"KBS\s?2?",
    "MBC": r"",
    "ENA": r"",
    "TF1": r"TF1\s?\+",
    "M6": r"M6\s?\+",
    "France 2": r"",
    "France 3": r"",
    "france.tv": r"France\.?tv",
    "RTL": r"",
    "ProSieben": r"Pro\s?Sieben",
    "Sat.1": r"SAT\.1",
    "VOX": r"Vox",
    "Antena 3": r"",
    "Telecinco": r"",
    "La 1": r"La\s?1(?:\s+de\s+(?:RTVE|TVE))?",
    "RTVE Play": r"RTVE",
    "Rai 1": r"Rai\s?(?:1|Uno)",
    "Rai 2": r"Rai\s?(?:2|Due)",
    "Canale 5": r"Canale5",
    "Globo": r"TV\s+Globo",
}
# Words that are also ordinary ones: a platform only after a preposition, or as an owner ("Max's").
_PLAIN_WORDS: Final = frozenset(
    {
        "Max",
        "NOW",
        "WOW",
        "Player",
        "Stan",
        "Binge",
        "History",
        "Own",
        "OWN",
        "Fox",
        "Crave",
        "Sky",
        "aha",
        "Viu",
        "Roku",
        "Lifetime",
        "Bravo",
        "Plex",
        "Vix",
        "Acorn TV",
        "Peacock",
        "Oxygen",
        "Cuatro",
        "SIC",
    }
)
_CINEMAS: Final = re.compile(
    r"\b(?:(?:movie\s+)?theat(?:er|re)s|(?:movie\s+)?cinemas?|big\s+screen(?:s)?|silver\s+screens?|multiplexes|"
    r"theatrical(?:ly)?\s*(?:release|debut|run)?|(?:limited|wide)\s+release|hits?\s+(?:the\s+)?screens|"
    r"kinos?|kinostart|kinosaal|deutschen\s+kinos|cinéma|salles(?:\s+obscures)?|cines|salas\s+de\s+cine|"
    r"al\s+cinema|sale(?:\s+italiane|\s+cinematografiche)|nelle\s+sale|cinemas\s+brasileiros|salas\s+de\s+cinema|kin(?:a|ach|owa)?)\b",
    re.IGNORECASE,
)
_PREPOSITION: Final = r"(?:on|to|at|via|by|from|for|over|only|bei|auf|im|in|zu|sur|chez|à|en|a|por|su|da|em|na|no|pela|w|platformie|platform|streamer|service|network|and|und|et|y|e|&|/|,)"


@dataclass(frozen=True, kw_only=True)
class Named:
    """A platform that a text names, at `start` to `end`; `placed` when the text says that something comes there."""

    name: str
    start: int
    end: int
    placed: bool


def _compiled() -> re.Pattern[str]:
    spellings = []
    for number, (name, others) in enumerate(_NAMED.items()):
        words = [re.escape(name).replace(r"\ ", r"\s+"), *([others] if others else [])]
        spellings.append(rf"(?P<p{number}>{'|'.join(words)})")
    return re.compile(rf"(?<![\w+])(?:{'|'.join(_longest_first(spellings))})(?![\w+])")


def _longest_first(spellings: list[str]) -> list[str]:
    """Put `HBO Max` before `HBO`, and `BBC One` before `BBC`."""
    return sorted(spellings, key=lambda spelling: -len(re.split(r"[>|]", spelling)[1]))


_NAMES: Final = tuple(_NAMED)
_PATTERN: Final = _compiled()
_PLACED: Final = re.compile(
    rf"(?:^|[^\w]){_PREPOSITION}\s*(?:the\s+|den\s+|la\s+)?(?:(?:streaming|OTT|streamer|service|platform\w*|channel|network|Streamingdienst\w*|plateforme|plataforma|piattaforma|serwisie|platformie)\s+)*$",
    re.IGNORECASE,
)


def platforms(text: str) -> tuple[Named, ...]:
    """Given a sentence, return the platforms that it names, in order; cinemas are one of them."""
    return tuple(sorted([*_services(text), *_in_cinemas(text)], key=lambda named: named.start))


def is_platform(text: str) -> bool:
    """Tell whether a text is nothing but the name of a platform."""
    found = _PATTERN.fullmatch(text.strip())
    return found is not None


def _services(text: str) -> Iterator[Named]:
    for found in _PATTERN.finditer(text):
        name = _NAMES[int((found.lastgroup or "p0")[1:])]
        placed = bool(_PLACED.search(text[: found.start()]))
        owner = text[found.end() : found.end() + 2].lower() in {"'s", "’s"}
        if name in _PLAIN_WORDS and not (
            placed or owner or (found.start() == 0 and name != "Fox") or _is_labelled(text, found.start())
        ):
            continue
        yield Named(name=name, start=found.start(), end=found.end(), placed=placed)


def _is_labelled(text: str, start: int) -> bool:
    return text[:start].rstrip().endswith((":", "("))


def _in_cinemas(text: str) -> Iterator[Named]:
    for found in _CINEMAS.finditer(text):
        if found[0].lower().endswith("screens") and found[0].lower().startswith("hit") and _PATTERN.search(text):
            continue  # those of a channel
        yield Named(name=CINEMAS, start=found.start(), end=found.end(), placed=True)
