"""The words around a date that change what it is the date of: delays, moves, questions, what may be."""

from __future__ import annotations

import re
from typing import Final

from reminder.announcements.reading.cues import CueRole
from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.vocabulary import either

DELAY: Final = Pattern(
    rf"\b(?:{either('delay')})\b",
    re.IGNORECASE,
)
MOVE: Final = Pattern(
    rf"\b(?:{either('move')})\b",
    re.IGNORECASE,
)
TO: Final = Pattern(
    r"\b(?:to|until|till|into|for|auf|bis|au|à|al|a|para|hasta|fino\s+a|per|até|na|do|now|jetzt|"
    r"nun)\s+(?:den\s+|the\s+|le\s+|el\s+|o\s+)?(?:(?:early|mid|late)[\s-]+)?$|\bal$",
    re.IGNORECASE,
)
FROM: Final = Pattern(
    r"\b(?:(?:from|off|instead\s+of|vom|von|du|del|dal|de|do|z)\s+|dall['’]\s*)(?:(?:its|the|their|"
    r"an?)\s+)?(?:\w+\s+)?$",
    re.IGNORECASE,
)
NOT_UNTIL: Final = Pattern(
    r"(?:\b(?:won|isn|aren|doesn|don)['’]t|\b(?:will|does)\s+not|\bnot\s+(?:be|come|expected|due)|"
    r"\bnever)\b[^.;,]{0,40}\b(?:until|till)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
# `Fans will have to wait until July 9`: what they wait for comes then.
WAIT: Final = Pattern(
    rf"\b(?:{either('wait')})\b[^.;]{{0,40}}?\b(?:until|till|for|bis(?:\s+(?:zum|am))?|jusqu['’]?(?:au|à|"
    rf"en)|hasta(?:\s+el)?|fino\s+a(?:l|d)?|até(?:\s+(?:o|a))?|do|le|il|al)\s+(?:the\s+|at\s+least\s+|"
    rf"mindestens\s+|al\s+menos\s+|au\s+moins\s+|almeno\s+)?$",
    re.IGNORECASE,
)
# `Not before 2027`, `pas avant le 3 mars`: then at the earliest.
# `Bis zum 9. Juli warten`: where the verb stands behind.
WAITED: Final = Pattern(r"\s+(?:\w+\s+){0,2}?(?:warten|gedulden)\b", re.IGNORECASE)
SET_FOR: Final = Pattern(
    rf"\b(?:{either('set-for')})\s+(?:for|für|pour|para|per|na)\s+(?:early\s+|late\s+|mid-?\s?)?$",
    re.IGNORECASE,
)
BEGINNING: Final = Pattern(r"starting|beginning", re.IGNORECASE)
# `It leaves Netflix on July 9`: no way to see it.
LEAVES: Final = Pattern(r"leav(?:es?|ing)|removed|expires?", re.IGNORECASE)
# `A 4K edition of the film, out July 9`: what comes out then is named in front of the comma.
APPOSED: Final = Pattern(r"out|due|available|arriving|coming", re.IGNORECASE)
END_OF: Final = Pattern(r"\s+(?:the\s+)?end\s+of\b", re.IGNORECASE)
# `The network decided to hold the July 7 premiere`.
CALLED_OFF: Final = Pattern(
    rf"\b(?:{either('called-off')})\s+(?:back\s+)?(?:the|its|their|a)\s+(?:planned\s+|scheduled\s+)?$",
    re.IGNORECASE,
)
NOT_BEFORE: Final = Pattern(
    r"(?:n['’]t|\b(?:not|no|never|nicht|kaum|pas|non?|não|nie))\b[^.;,]{0,40}\b(?:before|sooner\s+than|"
    r"earlier\s+than|vor|avant|antes\s+d(?:e|el|o)|prima\s+d(?:i|el)|przed)\s+(?:the\s+|le\s+|dem\s+)?$",
    re.IGNORECASE,
)
# `After its theatrical release on July 21`: that was.
AFTER_RELEASE: Final = Pattern(
    r"\b(?:after|following|since|nach|après|tras|dopo|após|po)\s+(?:[\w’'-]+\s+){0,4}?(?:release|debut|"
    r"premiere|run|bow|opening|screening|launch|outing|kinostart|start|sortie|estreno|uscita|estreia|"
    r"premierze)\s+"
    r"(?:in\s+(?:\w+\s+)?(?:theat(?:er|re)s|cinemas)\s+)?(?:(?:back\s+)?(?:on|in)|am|im|le|el|il|em|w|du|"
    r"del|dell['’])?\s*(?:the\s+)?$",
    re.IGNORECASE,
)
# `To November 14 and now to December 5`: a date that what was moved is moved on from.
MOVED_ON: Final = Pattern(
    r"[\s,;–—-]*(?:(?:and|then|before|but|now|later|again|finally|most\s+recently|und|dann|jetzt|nun|et|"
    r"puis|y|luego|e|poi|depois|i|potem)\b[\s,]*)*"
    r"(?:(?:being|it|was|is|be)\s+)*(?:(?:moved|moving|pushed|pushing|delayed|shifted|shifting|slipped|"
    r"slipping)\s+)?(?:(?:back|again|once\s+more)\s+)*(?:to|until|till|auf|au|à|al|a|para|do|"
    r"na)\s*(?:the\s+|den\s+|le\s+|el\s+)?",
    re.IGNORECASE,
)
# A date just before one of these is of it: `a July 9 premiere`, `ahead of its December 4 debut`.
NOUN: Final = Pattern(
    r"[\s-](?:(?:series|season|worldwide|global|theatrical|streaming|network|U\.?S\.?|UK|world|digital|"
    r"cinema|theatre|theater|wide|full|planned|exclusive|global)\s+){0,2}"
    r"(?:premiere|debut|release|launch|return|arrival|bow|start|opening|rollout|drop)(?:\s+date)?\b",
    re.IGNORECASE,
)
# A work of art that one of these is of, named between it and what is said: `the trailer for the film, due in June`.
OF_WORK: Final = Pattern(r"\s+(?:for|of|from|zu|pour|de|di|do)\s[^,;]{2,60},\s*(?:\w+ly\s+)?", re.IGNORECASE)
# Acts of today that are no release: `Today, the network dropped the trailer`.
DONE: Final = Pattern(
    r"(?:(?<!\bbe\s)(?<!\bis\s)(?<!\bare\s)(?<!being\s)(?<!\bwas\s)(?<!been\s)(?<!gets\s)\b(?:released|"
    r"dropped|unveiled|launched|debuted|decided|posted|shared|announced|revealed|confirmed|"
    r"got|gave|took|said|set|told|tweeted|ordered|renewed)\b|\b(?:has|have|hat|haben|a|ont|ha|han|"
    r"hanno)\s+(?:\w+\s+)?(?:released|dropped|unveiled|launched|shared|announced|revealed|confirmed|"
    r"veröffentlicht|"
    r"enthüllt|dévoilé|annoncé|confirmé|publié|anunciado|confirmado|publicado|revelado|annunciato|"
    r"confermato|svelato|rilasciato|pubblicato|lanzado|angekündigt|bestätigt)\b)",
    re.IGNORECASE,
)
MAY_BE_NOUN: Final = Pattern(r"premiere|debut|release|launch|return|start|bow|drop", re.IGNORECASE)
NOUN_AFTER: Final = Pattern(
    r"(?:['’]s?|\b(?:the|its|their|his|her|an?|this|that|of|theatrical|official|streaming|season|series|"
    r"world|worldwide|global))\s+$",
    re.IGNORECASE,
)
BY_THEN: Final = Pattern(r"\bby\s+(?:the\s+)?$", re.IGNORECASE)
TWEET: Final = Pattern(r"@\w+\)?\s*[,—–-]?\s*$")
# What will be released is to come, whatever its participle looks like.
TO_BE: Final = Pattern(
    r"\b(?:will|shall|to|wird|werden|será|serán|serão|sera|seront|sarà|saranno|"
    r"zostan\w+)\s+(?:\w+\s+){0,2}?(?:be\s+)?(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
UP_TO: Final = Pattern(
    r"(?:\b(?:through|until|till|thru|bis(?:\s+zum)?|jusqu['’]?(?:au|à)|hasta(?:\s+el)?|fino\s+al?|até|"
    r"aż\s+do)\s+(?:the\s+)?$|"
    r"\d\w*\s?(?:-|–|—|to|and|through)\s?$)",
    re.IGNORECASE,
)
BY: Final = Pattern(
    r"\b(?:before|by|prior\s+to|ahead\s+of|vor|avant|antes\s+de|prima\s+del|przed)\s+(?:the\s+)?$", re.IGNORECASE
)
# Words that say that something came before: `on Friday, after its premiere at the festival`.
AFTERWARDS: Final = Pattern(r"\b(?:after|following|nach|après|tras|después|dopo|após|depois|po)\b", re.IGNORECASE)
NOT: Final = Pattern(r"(?:\b\w+n['’]t|\b(?:not|no\s+longer|nicht|pas|non?|não|nie))\b[^,;:]{0,25}$", re.IGNORECASE)
OTHER_VERB: Final = Pattern(
    rf"\b(?:{either('other-verb')})\b",
    re.IGNORECASE,
)
NOT_SUBJECT: Final = Pattern(
    rf"\b(?:{either('not-subject')})\s+(?:(?!with\b|mit\b|avec\b|con\b)[^\s;,]+\s+){{0,2}}$",
    re.IGNORECASE,
)
SUBJECTS: Final = frozenset(
    {
        CueRole.TRAILER,
        CueRole.FINALE,
        CueRole.TICKETS,
        CueRole.FILMING,
        CueRole.DISC,
        CueRole.AWARDS,
        CueRole.EXTRA,
        CueRole.FESTIVAL,
        CueRole.LATER_PART,
        CueRole.HISTORY,
    }
)
# What fills a slot `starting July 9`, and is no release: `Reruns will fill the slot`.
FILLS: Final = frozenset({CueRole.EXTRA, CueRole.TICKETS, CueRole.FILMING, CueRole.FESTIVAL, CueRole.DISC})
DATELINE: Final = Pattern(
    r"[A-ZÀ-Þ][\w .,'’À-ž-]{2,40}?[,(–—-]?\s*[(–—,-]?\s*(?:\w+\s+){0,2}$",
)
STAMP_LINE: Final = Pattern(
    r"(?:^|\b)(?:by|von|par|por|di|date|publish\w*|posted|updated|last\s+updated)\b|[|•·@]|\s[-–—]\s", re.IGNORECASE
)
# What may be is no date to remind of.
HEDGE: Final = Pattern(
    rf"\b(?:{either('hedge')})\b",
    re.IGNORECASE,
)
ASKS: Final = Pattern(
    rf"[\W\d]*(?:{either('asks')})\b",
    re.IGNORECASE,
)
IF: Final = Pattern(r"\b(?:if|unless|whether|wenn|falls|jeśli)\b[^.,;]{0,40}$", re.IGNORECASE)
# "The premieres of 2025" are many.
OF_A_YEAR: Final = Pattern(r"of\s+\d{4}", re.IGNORECASE)
HEDGED: Final = 90
AFTER_INSERTION: Final = Pattern(
    rf",\s*(?:(?:{either('auxiliary')})\s+)*$",
    re.IGNORECASE,
)
IS_NEXT: Final = Pattern(r"\b(?:next|nächst\w+|prochain\w*|próxim\w+|prossim\w+|przyszł\w+)\b", re.IGNORECASE)
NOW: Final = Pattern(
    rf"\b(?:{either('now')})\b",
    re.IGNORECASE,
)
# Words for a new date that takes the place of one named before: `now`, `only then`.
INSTEAD: Final = Pattern(
    rf"\b(?:{either('instead')})\b[^.;]{{0,60}}$",
    re.IGNORECASE,
)
# `During the earnings call, ...`: what begins so is said of no date behind it.
OCCASION: Final = Pattern(
    r"(?:during|at|in|on|after|following|amid|ahead\s+of|bei|beim|während|nach|lors|pendant|après|durante|"
    r"tras|dopo|após|po)\s+(?!(?:the\s+)?(?:early|late|mid)\b)[^,]{2,60},",
    re.IGNORECASE,
)
INSTEAD_OF: Final = Pattern(
    r"instead\s+of|rather\s+than|(?:an)?statt|au\s+lieu|en\s+lugar|invece|em\s+vez|zamiast", re.IGNORECASE
)
# `Not on June 6, but ...`
NOT_ON: Final = Pattern(
    r"\b(?:nicht|not|pas|não|nie)\s+(?:(?:wie\s+(?:ursprünglich\s+)?geplant|as\s+planned|comme\s+prévu|"
    r"como\s+previsto|mehr|more)\s+)?(?:am|on|in|im|le|en|em|w|ab|from)\s+(?:the\s+)?$"
    r"|\bnon\s+\w+\s+(?:il|l['’])\s*$",
    re.IGNORECASE,
)
# Plans that no longer hold: `Disney had decided to move it to May 5`.
HAD_MEANT: Final = Pattern(
    r"\b(?:had|aveva(?:no)?|avait|avaient|había(?:n)?|hatte(?:n)?|tinha)\s+(?:\w+\s+)?(?:decided|meant|"
    r"planned|wanted|deciso|décidé|decidido|beschlossen)\b",
    re.IGNORECASE,
)
MOVED_BESIDES: Final = frozenset(
    {
        CueRole.FILMING,
        CueRole.EXTRA,
        CueRole.TRAILER,
        CueRole.FINALE,
        CueRole.TICKETS,
        CueRole.DISC,
        CueRole.AWARDS,
        CueRole.FESTIVAL,
    }
)
# The words in which a service is launched, and what may stand between them and its name.
LAUNCH: Final = Pattern(
    rf"(?:{either('launch')})",
    re.IGNORECASE,
)
OF: Final = Pattern(r"\s+(?:of|di|de|do|da|von|du|d['’])\s*(?:the\s+)?", re.IGNORECASE)
TO_BE_SOON: Final = Pattern(r"\s+(?:(?:will|is\s+set\s+to|wird|officially|finally)\s+)*", re.IGNORECASE)
ON: Final = Pattern(r"\s+(?:on|in|this|next|am|im)\s+(?!(?:the|its)\b)(?=[\w\d])", re.IGNORECASE)
# A delay that lies behind it: what is said to come after it comes.
OVERCOME: Final = Pattern(
    r"\b(?:after|following|despite|nach|après|tras|después\s+de|dopo|após|depois\s+de|"
    r"po)\s+(?:\w+\s+){0,3}(?:delays?|postponements?|verschiebung\w*|reports?|retrasos?|aplazamientos?|"
    r"rinvii?|rinvio|adiamentos?|opóźnieniach)\b",
    re.IGNORECASE,
)
# What a text says that a date was moved to counts more than what it says of other dates.
MOVED: Final = 1.3
# A weekday and its number, in the days about which the text was written.
NUMBERED: Final = Pattern(r"[^\W\d][\w-]*\W+(?:día\s)?\d{1,2}")
# Of a day nobody leaves out the year so long before, and hardly of a month.
LONG_AHEAD: Final = 180
LONG_AHEAD_OF_MONTH: Final = 240
AT_START: Final = 30
FIRST_WORDS: Final = 24
# `Am 25. Juni starten die Dreharbeiten`: what comes stands behind its verb.
ARTICLE: Final = Pattern(
    r"\s+(?:(?:with|mit|avec|con|com)\s+)?(?:(?:the|a|its|die|der|das|le|la|les|el|los|las|il|o|os|as)\s+)?",
    re.IGNORECASE,
)
NEAR: Final = 26
# How far in front of a move stands what was moved.
BESIDE: Final = 40
BESIDES: Final = Pattern(r"\balongside\s+(?:the\s+|its\s+|a\s+)?(?:\w+\s+)?$", re.IGNORECASE)
CLOSE: Final = 6
ADJACENT: Final = 3

# `28.07.2020 10:15`: as a page is stamped.
NUMERIC: Final = Pattern(r"[\d./-]+")
CLOCK: Final = Pattern(r"[,\s]*(?:[-|@]\s*)?\d{1,2}:\d\d\b(?!\s*(?:uhr|h\b))", re.IGNORECASE)
FROM_DAY: Final = Pattern(r"\b(?:am|ab|vom|on|from|le|el|il|dal|dia|od)\s+$", re.IGNORECASE)
# Words that say no more than that something begins: any other word of the clause says what.
WEAK: Final = Pattern(r"ab|od|dès|aus|à\s+partir\s+d[ue]|a\s+partir\s+d[eoa]l?|a\s+partire\s+dal?.*", re.IGNORECASE)
_LEADING: Final = Pattern(r"(?:to|until|till|bis|by|for|into|na|auf|do|hasta|para)[\s-]+", re.IGNORECASE)


def leading(text: str) -> str:
    """Return the preposition that a date begins with (`to 2024`, `until November`), empty when with none."""
    found = _LEADING.match(text)
    return found[0] if found else ""
