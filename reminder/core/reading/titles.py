"""Which title an announcement is about, among all the names that it drops."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from reminder.core.reading.cues import Role, cues
from reminder.core.reading.names import MONTH_OF, WEEKDAY_OF, any_of
from reminder.core.reading.platforms import is_platform
from reminder.core.reading.sentences import Sentence
from reminder.core.reading.shape import ORDINALS, SEASON_WORD


@dataclass(frozen=True, kw_only=True)
class Spotted:
    """A name that may be a title, where it stands, and how much that place speaks for it."""

    name: str
    start: int
    end: int
    weight: float
    quoted: bool = False


@dataclass(kw_only=True)
class Candidate:
    """A name with all the places it was seen at; `score` adds up what speaks for it."""

    name: str
    score: float = 0.0
    quoted: bool = False
    at: list[tuple[Sentence, Spotted]] = field(default_factory=list)

    @property
    def first(self) -> Sentence:
        """Return the sentence it was seen in first."""
        return self.at[0][0]


_UPPER: Final = r"A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪĶŁĻŃŇŌŐŒŘŚŠŞŤŪŮŰŹŻŽ"
_WORD: Final = (
    rf"(?:(?:[{_UPPER}]\.)+(?=\s)|(?:[LDld]['’])?[{_UPPER}][\w’'.\-+!&×]*[\w!+?]|[0-9#][\w:.\-]*\w|[{_UPPER}0-9])"
)
_JOINT: Final = r"(?:of|the|and|a|an|in|to|for|on|with|at|from|by|or|is|as|de|la|le|les|du|des|dans|sur|sous|pour|en|au|aux|à|un|une|der|die|das|dem|den|von|im|am|zum|zur|auf|mit|del|los|las|el|con|por|di|da|do|dei|della|nel|nella|per|e|y|et|und|em|no|nad|w|z|na|ki|ka|ke|se|&|vs\.?|x|’n’|'n')"
_RUN: Final = rf"{_WORD}(?:(?:\s+|:\s+|\s+[–-]\s+(?=Part|Chapter))(?:{_JOINT}\s+){{0,3}}{_WORD}){{0,8}}(?!\w)"

_PAIRS: Final = (
    re.compile(r"“([^“”\n]{1,80}?)”"),
    re.compile(r"„([^„“”\n]{1,80}?)[“”]"),
    re.compile(r"[«»]\s?([^«»\n]{1,80}?)\s?[«»]"),
    re.compile(r"(?<!\w)\"([^\"\n]{1,80}?)\"(?!\w)"),
    re.compile(r"(?<!\w)[‘‚']([^‘\n]{1,80}?)[’‘'](?!\w)"),
    re.compile(r"(?<![*\w])\*{1,2}([^*\n]{1,80}?)\*{1,2}(?![*\w])"),
    re.compile(r"(?<![_\w])_([^_\n]{1,80}?)_(?![_\w])"),
)
_ORDINAL: Final = rf"(?:{any_of(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th|\.|ª|ème|e)?)"
_SEASON: Final = rf"(?:{any_of(SEASON_WORD)})"
_WORKS: Final = (
    r"(?:series|show|drama|dramedy|comedy|sitcom|thriller|film|movie|feature|docuseries|documentary|docudrama|miniseries|epic|saga|anime|"
    r"special|romance|rom-?com|mystery|whodunnit|horror|adaptation|anthology|procedural|musical|reboot|sequel|prequel|spin-?off|entertainer|"
    r"Serie|Film|Thriller|Drama|Krimi\w*|Komödie|série|film|mini-?série|serie|película|miniserie|ficción|fiction|serial|filme|novela|minissérie|serialu|game|title)"
)
_VERB: Final = (
    r"(?:will|is\s+set|is\s+coming|is\s+finally|is\s+all\s+set|is\s+scheduled|is\s+slated|is\s+returning|is\s+back|is\s+heading|is\s+arriving|is\s+out|is\s+due|has\s+(?:been|a|an|set|found|got)|"
    r"was|had|are|premieres?|debuts?|returns?|launches|arrives|drops|lands|opens|hits|bows|airs|streams|starts|begins|comes|gets?|sets?|to\s+(?:premiere|stream|debut|return|release|launch|arrive|open|hit|air)|"
    r"kicks|rolls|scores|lands|renewed|cancelled|canceled|delayed|premiering|debuting|streaming|arriving|"
    r"startet|läuft|kommt|erscheint|sortira|sort|arrive|débarque|llega|llegará|estrena|arriva|uscirà|esce|torna|estreia|chega|zadebiutuje|trafi|wejdzie|ist\s+ab|feiert|wird)"
)


@dataclass(frozen=True, kw_only=True)
class _Clue:
    """A pattern whose group `t` may be a title, and what it is worth."""

    pattern: re.Pattern[str]
    weight: float


def _clue(pattern: str, weight: float) -> _Clue:
    return _Clue(pattern=re.compile(pattern), weight=weight)


_CLUES: Final = (
    _clue(r"(?m)^(?:Title|Titel|Titre|Título|Titolo|Tytuł|Show|Series|Movie|Film)\s*:\s*(?P<t>[^\n]{1,80})$", 6.0),
    _clue(
        rf"\b(?:titled|entitled|called|named|intitulée?|titulad[ao]|intitolat[ao]|intitulad[ao]|pod\s+tytułem|mit\s+dem\s+Titel)\s+(?P<t>{_RUN})",
        2.0,
    ),
    _clue(
        rf"(?P<t>{_RUN})(?:,)?\s+\(?{_SEASON}\s+(?:\d{{1,2}}|{any_of(ORDINALS)}|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)\b",
        2.5,
    ),
    _clue(
        rf"\b(?i:{_SEASON}\s+(?:\d{{1,2}}|\w+)\s+(?:of|von|de|di|da|del|des|d[’'])|(?:{_ORDINAL}|final|new|last|latest|upcoming|next|first-ever|letzten?|neuen?|dernière|nouvelle|última|nueva|ultima|nuova|nova|nowy|finałowy)\s+(?:and\s+final\s+|series\s+)?{_SEASON}\s+(?:of|von|de|di|da|del|des|d[’']|serialu|der\s+Serie))\s*(?:(?:HBO|Netflix|Hulu|Apple|Amazon)['’]s\s+)?(?P<t>{_RUN})",
        2.5,
    ),
    _clue(rf"\b{_WORKS},?\s+(?P<t>{_RUN})", 1.3),
    _clue(rf"(?P<t>{_RUN})(?:,[^,.]{{3,90}},)?\s+{_VERB}\b", 1.2),
    _clue(
        rf"\b(?:release|releasing|open|opening|launch|launching|debut|premiere|stream|streaming|releases|drop|bring|brings|moved?|moves|taken|renewed|renews|cancelled|canceled|"
        rf"pushed|delayed|dated|dates|acquired|ordered|greenlit|for|lance|lancera|estrenará|estrena|lancia|watch|date\s+for|cast\s+of)\s+(?P<t>{_RUN})",
        0.9,
    ),
    _clue(
        rf"^(?P<t>{_RUN})(?=\s*(?::|–|—|-|\||’s|'s)?\s*(?:\w+\s+)?(?i:OTT|release\s+date|premiere\s+date|release|season|trailer|teaser|everything|when\b|cast|plot|staffel|start|saison|date\s+de|fecha|data\s+di|data\s+premiery))",
        2.5,
    ),
    _clue(
        rf"(?i:when\s+(?:will|is|does)|where\s+to\s+watch|when\s+and\s+where\s+to\s+(?:watch|stream)|how\s+to\s+watch)\s+(?P<t>{_RUN})",
        2.0,
    ),
    _clue(rf"^(?P<t>{_RUN})\s*(?:\(|–|—|:)", 0.9),
    _clue(rf"^(?P<t>[{_UPPER}][^:–—.,!?|\n]{{2,40}}):\s", 1.2),
    _clue(rf"\b(?:c['’]est|is|ist|es|è|jest)\s+(?P<t>{_RUN})(?=[.,]|$)", 0.8),
)
# Names that are brought up for comparison.
_ELSEWHERE_BEFORE: Final = re.compile(
    r"(?:creators?\s+of|(?:star|stars|cast|actor|actress|author|director|writer|showrunner|producers?|makers?|team|studio|minds?|creator|fame|fans)\s+(?:of|behind)|known\s+for|seen\s+in|"
    r"starred\s+in|appeared\s+in|stars?\s+in|spin-?off\s+(?:of|from|to)|prequel\s+to|sequel\s+to|follow-?up\s+to|successor\s+to|based\s+on|adapted\s+from|adaptation\s+of|inspired\s+by|previously\s+(?:created|wrote|directed)|such\s+as|"
    r"including|reminiscent\s+of|similar\s+to|universe\s+of|the\s+original|last\s+film,|best\s+known\s+for|worked\s+on|vue?\s+dans|bekannt\s+aus|zuletzt\s+(?:\w+\s+)?mit|conocid[ao]\s+por|vist[ao]\s+in|z\s+serialu|who\s+played|whose\s+play|"
    r"meets|played\s+in|also\s+on\s+the\s+network,|alongside|after|like|from)\s*(?:the\s+)?(?:(?:hit|series|show|film|movie|novel|book|beloved|famed|original|acclaimed)\s+)*[“\"'‘«„*_]?\s?$",
    re.IGNORECASE,
)
_ELSEWHERE_AFTER: Final = re.compile(
    r"[”\"'’»“*_]?\s?(?:['’]s\s+)?(?:star|stars|alum|actor|actress|author|creator|spin-?off|sequel|prequel|universe|franchise|director|writer|showrunner|veteran|fame|breakout|-Star|-Schauspieler|producer|helmer|alumni|and\s+[“‘\"'])\b",
)
_SPEECH_AFTER: Final = re.compile(
    r"[”\"’»“]\s*,?\s*(?:\w+\s+){0,3}(?:said|says|added|wrote|told|explained|sagte|erklärte|a\s+déclaré|dijo|ha\s+detto|disse|powiedział)\b",
    re.IGNORECASE,
)
_PERSON_BEFORE: Final = re.compile(
    r"\b(?:starring|stars|star|directed\s+by|created\s+by|written\s+by|produced\s+by|played\s+by|by|actor|actress|actors|director|filmmaker|creator|showrunner|producer|author|writer|novelist|comedian|featuring|"
    r"with|opposite|alongside|detective|Detective|Inspector|Dr\.?|Mr\.?|Mrs\.?|Ms\.?|CEO|chief|newcomer|host|von|mit|avec|con|de|di|z|reżyserka?|Regisseurin?|réalisateur|réalisatrice|director[ae]?|fans\s+of)\s+$"
)
_STARTS_OTHER: Final = re.compile(
    rf"(?:{any_of(MONTH_OF)}|{any_of(WEEKDAY_OF)}|{any_of(SEASON_WORD)}|theat|cinema|(?:19|20)\d\d|\d|Netflix|Hulu|Prime|Amazon|Disney|HBO|Max\b|Apple|Paramount|Peacock|Sky|BBC|ITV|"
    r"JioHotstar|Hotstar|ZEE5|Sony|AMC|Starz|Showtime|NBC|CBS|ABC|Fox|FX|Crunchyroll|OTT|Rai|ARD|ZDF|RTL|Canal|TF1|Globo|Instagram|Twitter|Thanksgiving|Christmas)",
    re.IGNORECASE,
)
_NOT_TITLES: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "it",
        "its",
        "he",
        "she",
        "they",
        "we",
        "you",
        "i",
        "this",
        "that",
        "these",
        "those",
        "there",
        "here",
        "all",
        "both",
        "each",
        "new",
        "season",
        "series",
        "show",
        "film",
        "movie",
        "episode",
        "episodes",
        "part",
        "chapter",
        "volume",
        "when",
        "where",
        "what",
        "who",
        "how",
        "why",
        "read",
        "watch",
        "more",
        "also",
        "and",
        "but",
        "or",
        "if",
        "in",
        "on",
        "at",
        "for",
        "from",
        "with",
        "after",
        "before",
        "while",
        "as",
        "once",
        "since",
        "until",
        "today",
        "tomorrow",
        "tonight",
        "yesterday",
        "official",
        "exclusive",
        "breaking",
        "update",
        "updated",
        "published",
        "trailer",
        "teaser",
        "cast",
        "plot",
        "synopsis",
        "streaming",
        "release",
        "date",
        "premiere",
        "title",
        "platform",
        "fans",
        "created",
        "directed",
        "written",
        "starring",
        "based",
        "according",
        "however",
        "meanwhile",
        "elsewhere",
        "good",
        "great",
        "now",
        "next",
        "last",
        "first",
        "second",
        "third",
        "looking",
        "set",
        "get",
        "der",
        "die",
        "das",
        "ein",
        "eine",
        "es",
        "er",
        "sie",
        "neue",
        "neuer",
        "neues",
        "staffel",
        "serie",
        "film",
        "alle",
        "am",
        "ab",
        "im",
        "le",
        "la",
        "les",
        "un",
        "une",
        "des",
        "el",
        "los",
        "las",
        "una",
        "lo",
        "il",
        "gli",
        "i",
        "o",
        "os",
        "as",
        "uma",
        "um",
        "w",
        "na",
        "po",
        "serial",
        "sezon",
        "drugi",
        "pierwszy",
        "trzeci",
        "data",
        "tv",
        "uk",
        "us",
        "usa",
        "hbo",
        "bbc",
        "ott",
        "imax",
        "dvd",
        "blu-ray",
        "emmy",
        "emmys",
        "oscar",
        "oscars",
        "golden",
        "globe",
        "globes",
        "mr",
        "mrs",
        "dr",
        "amazon",
        "apple",
        "disney",
        "warner",
        "universal",
        "sony",
        "paramount",
        "lionsgate",
        "a24",
        "neon",
        "marvel",
        "lucasfilm",
        "pixar",
        "dreamworks",
        "blumhouse",
        "hollywood",
        "bollywood",
        "london",
        "paris",
        "los",
        "angeles",
        "new",
        "york",
        "america",
        "american",
        "british",
        "korean",
        "japanese",
        "german",
        "french",
        "spanish",
        "italian",
        "indian",
        "telugu",
        "tamil",
        "hindi",
        "malayalam",
        "kannada",
        "english",
        "instagram",
        "twitter",
        "x",
        "facebook",
        "youtube",
        "variety",
        "deadline",
        "christmas",
        "halloween",
        "thanksgiving",
        "ceo",
        "et",
        "pt",
        "est",
        "pst",
        "pm",
        "am",
        "no",
        "yes",
        "episode",
    ]
)
_NOT_NAMES: Final = re.compile(
    r"(?:\w+\s+)*(?:Pictures|Studios?|Entertainment|Productions?|Television|Festival|Awards?|Press|Films?|Bros\.?|Network|Games|Media|Originals?|Mediathek|Fest|Globes?|Company|Group|Inc\.?|Channel|Prize|Office|Video|Music|Reporter|Times)"
    r"|Season\s.*|Part\s\w+|Staffel\s.*|Series\s\d+|PlayStation.*|Xbox.*|Nintendo.*|Warner\s.*|Critics\s.*|Rotten\s.*|Los\s.*|New\sYork.*|San\s.*|United\s.*|Summer\sGame.*|(?:TV|Film|Movie|Breaking|Streaming|Series)\s+News|Report|Exclusive|[A-Z]{2,3}|(?:Jury|Golden|Primetime)\s.*|Television.*|Festival\s.*|Episode\s.*|Emmy\s.*|(?:BBC|HBO|ITV|FX|NBC|CBS)\s?\w?",
)
_TAIL: Final = re.compile(
    rf"(?:[\s,:–—-]+(?:(?:TV\s+)?(?:Anime\s+)?\d(?:st|nd|rd|th)|(?:(?:TV\s+)?Anime\s+)?(?:\d(?:st|nd|rd|th)|(?i:{any_of(ORDINALS)}))\s+(?i:{_SEASON})|(?i:{_SEASON})\s*(?:\d+|{any_of(ORDINALS)}|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)|S\d{{1,2}}|(?i:{_SEASON})|OTT.*|Release.*|Premiere.*|Trailer.*|Sets|Gets|Teaser.*|Official.*|First|Review|Part\s(?:\d|One|Two|Three)))+$"
)
_OWNER: Final = re.compile(r"^(?P<owner>[\w&+.]+(?:\s[\w&+.]+){0,2})['’]s?\s+(?=[\w‘“\"'])")
_STUDIOS: Final = frozenset(
    [
        "marvel",
        "dc",
        "disney",
        "pixar",
        "universal",
        "sony",
        "lionsgate",
        "a24",
        "neon",
        "lucasfilm",
        "blumhouse",
        "warner",
        "paramount",
        "dreamworks",
        "amazon",
    ]
)
# Where a name that was spelt in capitals goes over into what is said of it.
_CUT: Final = re.compile(
    r"(?:\s+(?:for|on|in|at|to|from|by|with|auf|bei|im|am|sur|en|le|el|il|em|na|w|su)\s+(?=(?:the\s+)?(?P<next>.+)))|"
    r"\s+(?:Has|Have|Is|Are|Was|Will|Gets?|Sets?|Renewed|Returns?|Premieres?|Debuts?|Lands|Scores|Drops|Arrives|Arriving|Unveils|Reveals|Announces|Trailer|Teaser|Delayed|Cancelled|Canceled|Confirmed|Coming|Release|OTT|Streaming|Premiere|"
    r"To\s+(?:Premiere|Stream|Debut|Return|Release|Launch|Be|Hit)|Moves|Moved|Pushed|Opens|Kicks|Starring|Ends|Movie\s+Review|Review|Everything|Cast|Plot)\b"
)
_CAST: Final = re.compile(
    rf"\b(?:starring|[Ss]tars?|featuring|alongside|played\s+by|directed\s+by|created\s+by|written\s+by|produced\s+by|opposite|cast\s+(?:includes|of|members\s+include)|from|by|include)\s+"
    rf"(?P<names>{_RUN}(?:\s\([^)]*\))?(?:,\s+(?:and\s+)?{_RUN}(?:\s\([^)]*\))?)*(?:,?\s+(?:and|&)\s+{_RUN})?)"
)


def spotted(sentence: Sentence) -> Iterator[Spotted]:
    """Given a sentence, yield the names in it that may be titles."""
    yield from _quoted(sentence.text)
    for clue in _CLUES:
        for found in clue.pattern.finditer(sentence.text):
            name = tidy(found["t"])
            if name and _may_be(name) and not _is_plain(name) and not _is_person(sentence.text, found.start("t"), name):
                yield Spotted(name=name, start=found.start("t"), end=found.start("t") + len(name), weight=clue.weight)


def candidates(found: Sequence[Sentence], known: Iterable[str] = ()) -> list[Candidate]:
    """Given the sentences of a text (and names stated beside it), return the names that may be its title, best first."""
    seen: dict[str, Candidate] = {}
    people = {_key(name) for sentence in found for name in _people(sentence.text)}
    for number, sentence in enumerate(found):
        for spot in spotted(sentence):
            if _key(spot.name) in people and not spot.quoted:
                continue
            candidate = seen.setdefault(_key(spot.name), Candidate(name=spot.name))
            candidate.at.append((sentence, spot))
            candidate.quoted |= spot.quoted
            candidate.score += _worth(sentence, spot, number)
    for name in known:
        if _key(name) in seen:
            seen[_key(name)].score += 3
    _count(found, seen)
    return sorted(seen.values(), key=lambda candidate: -candidate.score)


def _worth(sentence: Sentence, spot: Spotted, number: int) -> float:
    """Return what one place says for a name: less further down, little or nothing where it is only brought up."""
    if is_elsewhere(sentence.text, spot.start):
        return -1.0
    value = spot.weight * _place(sentence) / (1 + 0.06 * number)
    in_brackets = sentence.text[: spot.start].endswith("(")
    belongs = _ELSEWHERE_AFTER.match(sentence.text, spot.end - spot.quoted)
    return value * (0.3 if belongs or in_brackets else 1.0)


def tidy(text: str) -> str:
    """Return a name without the network that owns it, its season, and the marks around it."""
    name = " ".join(text.split()).strip(' ,;:–—-|*_"“”„«»')
    owner = _OWNER.match(name)
    if owner and (is_platform(owner["owner"]) or owner["owner"].lower() in _STUDIOS):
        name = name[owner.end() :]
    for cut in _CUT.finditer(name):
        if not cut["next"] or _STARTS_OTHER.match(cut["next"]):
            name = name[: cut.start()]
            break
    name = _TAIL.sub("", name).strip(" ,;:–—-|‘’“”\"'*_") if len(name.split()) > 1 else name.strip("‘’“”\"'*_")
    return re.sub(r"['’]s$", "", name).strip(" ,;:–—-|")


def _people(text: str) -> Iterator[str]:
    """Yield the names in a list of cast or crew."""
    for found in _CAST.finditer(text):
        for name in re.split(r",\s+(?:and\s+)?|\s+(?:and|&)\s+|\s*\([^)]*\)", found["names"]):
            if 2 <= len(name.split()) <= 3:
                yield name.strip()


def _is_plain(name: str) -> bool:
    """Tell whether a single word is one that any sentence may begin with: `Filming`, `Tickets`."""
    return " " not in name and any(cue.start == 0 and cue.end == len(name) for cue in cues(name))


def _quoted(text: str) -> Iterator[Spotted]:
    for pattern in _PAIRS:
        for found in pattern.finditer(text):
            name = tidy(found[1].rstrip(",."))
            speech = _SPEECH_AFTER.match(text, found.end() - 1) or (
                found[1].rstrip().endswith((",", ".")) and len(name.split()) > 6
            )
            if name and not speech and _could_be_quoted_title(name):
                weight = 1.0 if is_platform(name) else 2.4
                yield Spotted(name=name, start=found.start(), end=found.end(), weight=weight, quoted=True)


def _could_be_quoted_title(name: str) -> bool:
    words = name.split()
    if len(words) > 9 or not (name[0].isupper() or name[0].isdigit() or name[0] in "¿¡#"):
        return False
    return len(name) > 1 and not any(name.lower() in names for names in (MONTH_OF, WEEKDAY_OF))


def _may_be(name: str) -> bool:
    words = name.lower().replace("’", "'").split()
    if (
        len(name) < 2
        or is_platform(name)
        or _NOT_NAMES.fullmatch(name)
        or (name.replace(" ", "").isdecimal() and len(name) != 4)
    ):
        return False
    if re.fullmatch(r"(?:19|20)\d\d", name):
        return False
    plain = [word.strip(".,:;!?'") for word in words]
    return not all(
        word in _NOT_TITLES or word in MONTH_OF or word in WEEKDAY_OF or word in ORDINALS or word.isdecimal()
        for word in plain
    )


def _is_person(text: str, start: int, name: str) -> bool:
    words = name.split()
    return 1 < len(words) <= 3 and bool(_PERSON_BEFORE.search(text[:start]))


def _place(sentence: Sentence) -> float:
    if sentence.paragraph == 0:
        return 2.2 if sentence.heading else 1.6
    return 1.4 if sentence.heading or sentence.paragraph == 1 else 1.0


def _count(found: Sequence[Sentence], seen: dict[str, Candidate]) -> None:
    """Add what it says for a name that the text comes back to it, and take it from names inside longer names."""
    whole = "\n".join(sentence.text for sentence in found)
    times: dict[str, int] = defaultdict(int)
    for key, candidate in seen.items():
        times[key] = len(re.findall(rf"(?<!\w){re.escape(candidate.name)}(?!\w)", whole))
    for key, candidate in seen.items():
        inside = max(
            (times[other] for other in seen if other != key and re.search(rf"(?<!\w){re.escape(key)}(?!\w)", other)),
            default=0,
        )
        alone = max(0, times[key] - inside)
        candidate.score += min(alone, 8) * 0.5
        if inside and alone <= inside / 2 and not candidate.quoted:
            candidate.score *= 0.4
        for sentence, spot in candidate.at:
            released = any(cue.role is Role.RELEASE and 0 <= cue.start - spot.end <= 30 for cue in cues(sentence.text))
            candidate.score += 0.8 * released


def _key(name: str) -> str:
    return name.casefold().replace("’", "'")


def is_elsewhere(text: str, start: int) -> bool:
    """Tell whether the name at `start` of a sentence is brought up for comparison: `from the creator of ...`."""
    return bool(_ELSEWHERE_BEFORE.search(text[:start]))
