"""The words around a date that change what it is the date of: delays, moves, questions, what may be."""

from __future__ import annotations

from typing import Final

from reminder.announcements.reading.cues import CueRole
from reminder.announcements.reading.patterns import Pattern, uncased
from reminder.announcements.vocabulary import either

DELAY: Final = uncased(rf"\b(?:{either('delay')})\b")
MOVE: Final = uncased(rf"\b(?:{either('move')})\b")
TO: Final = uncased(rf"\b(?:{either('to')})\s+(?:den\s+|the\s+|le\s+|el\s+|o\s+)?(?:(?:early|mid|late)[\s-]+)?$|\bal$")
FROM: Final = uncased(rf"\b(?:(?:{either('from')})\s+|dall['’]\s*)(?:(?:its|the|their|an?)\s+)?(?:\w+\s+)?$")
NOT_UNTIL: Final = uncased(
    r"(?:\b(?:won|isn|aren|doesn|don)['’]t|\b(?:will|does)\s+not|\bnot\s+(?:be|come|expected|due)|"
    r"\bnever)\b[^.;,]{0,40}\b(?:until|till)\s+(?:the\s+)?$"
)
# `Fans will have to wait until July 9`: what they wait for comes then.
WAIT: Final = uncased(
    rf"\b(?:{either('wait')})\b[^.;]{{0,40}}?\b(?:{either('wait-until')})\s+(?:the\s+|at\s+least\s+|"
    rf"mindestens\s+|al\s+menos\s+|au\s+moins\s+|almeno\s+)?$"
)
# `Not before 2027`, `pas avant le 3 mars`: then at the earliest.
# `Bis zum 9. Juli warten`: where the verb stands behind.
WAITED: Final = uncased(r"\s+(?:\w+\s+){0,2}?(?:warten|gedulden)\b")
SET_FOR: Final = uncased(rf"\b(?:{either('set-for')})\s+(?:for|für|pour|para|per|na)\s+(?:early\s+|late\s+|mid-?\s?)?$")
BEGINNING: Final = uncased(r"starting|beginning")
# `Ahead of premiere week, which begins on July 9`.
WHICH: Final = uncased(r",\s+which\s+(?:officially\s+)?$")
# `It leaves Netflix on July 9`: no way to see it.
LEAVES: Final = uncased(r"leav(?:es?|ing)|removed|expires?")
# `A 4K edition of the film, out July 9`: what comes out then is named in front of the comma.
APPOSED: Final = uncased(r"out|due|available|arriving|coming")
END_OF: Final = uncased(r"\s+(?:the\s+)?end\s+of\b")
# `The network decided to hold the July 7 premiere`.
CALLED_OFF: Final = uncased(
    rf"\b(?:{either('called-off')})\s+(?:back\s+)?(?:the|its|their|a)\s+(?:planned\s+|scheduled\s+)?$"
)
NOT_BEFORE: Final = uncased(
    rf"(?:n['’]t|\b(?:not|no|never|nicht|kaum|pas|non?|não|nie))\b[^.;,]{{0,40}}\b(?:{either('before')})"
    rf"\s+(?:the\s+|le\s+|dem\s+)?$"
)
# `After its theatrical release on July 21`: that was.
AFTER_RELEASE: Final = uncased(
    rf"\b(?:after|following|since|nach|après|tras|dopo|após|po)"
    rf"\s+(?:[\w’'-]+\s+){{0,4}}?(?:{either('release-behind-after')})\s+(?:in\s+(?:\w+\s+)?(?:theat(?:er|"
    rf"re)s|cinemas)\s+)?(?:(?:back\s+)?(?:on|in)|am|im|le|el|il|em|w|du|del|dell['’])?\s*(?:the\s+)?$"
)
# `To November 14 and now to December 5`: a date that what was moved is moved on from.
MOVED_ON: Final = uncased(
    rf"[\s,;–—-]*(?:(?:{either('and-then')})\b[\s,]*)*(?:(?:being|it|was|is|be)\s+)*(?:(?:moved|moving|"
    rf"pushed|pushing|delayed|shifted|shifting|slipped|slipping)\s+)?(?:(?:back|again|"
    rf"once\s+more)\s+)*(?:to|until|till|auf|au|à|al|a|para|do|na)\s*(?:the\s+|den\s+|le\s+|el\s+)?"
)
# A date just before one of these is of it: `a July 9 premiere`, `ahead of its December 4 debut`.
NOUN: Final = uncased(rf"[\s-](?:(?:{either('before-noun')})\s+){{0,2}}(?:{either('noun-of-date')})(?:\s+date)?\b")
# A work of art that one of these is of, named between it and what is said: `the trailer for the film, due in June`.
OF_WORK: Final = uncased(r"\s+(?:for|of|from|zu|pour|de|di|do)\s[^,;]{2,60},\s*(?:\w+ly\s+)?")
# Acts of today that are no release: `Today, the network dropped the trailer`.
DONE: Final = uncased(
    rf"(?:(?<!\bbe\s)(?<!\bis\s)(?<!\bare\s)(?<!being\s)(?<!\bwas\s)(?<!been\s)(?<!gets\s)"
    rf"\b(?:{either('done')})\b|\b(?:has|have|hat|haben|a|ont|ha|han|"
    rf"hanno)\s+(?:\w+\s+)?(?:{either('has-done')})\b)"
)
MAY_BE_NOUN: Final = uncased(r"premiere|debut|release|launch|return|start|bow|drop")
NOUN_AFTER: Final = uncased(rf"(?:['’]s?|\b(?:{either('before-a-noun')}))\s+$")
BY_THEN: Final = uncased(r"\bby\s+(?:the\s+)?$")
TWEET: Final = Pattern(r"@\w+\)?\s*[,—–-]?\s*$")
# What will be released is to come, whatever its participle looks like.
TO_BE: Final = uncased(rf"\b(?:{either('to-be')})\s+(?:\w+\s+){{0,2}}?(?:be\s+)?(?:\w+ly\s+)?$")
UP_TO: Final = uncased(rf"(?:\b(?:{either('up-to')})\s+(?:the\s+)?$|\d\w*\s?(?:-|–|—|to|and|through)\s?$)")
BY: Final = uncased(r"\b(?:before|by|prior\s+to|ahead\s+of|vor|avant|antes\s+de|prima\s+del|przed)\s+(?:the\s+)?$")
# Words that say that something came before: `on Friday, after its premiere at the festival`.
AFTERWARDS: Final = uncased(r"\b(?:after|following|nach|après|tras|después|dopo|após|depois|po)\b")
NOT: Final = uncased(r"(?:\b\w+n['’]t|\b(?:not|no\s+longer|nicht|pas|non?|não|nie))\b[^,;:]{0,25}$")
OTHER_VERB: Final = uncased(rf"\b(?:{either('other-verb')})\b")
NOT_SUBJECT: Final = uncased(rf"\b(?:{either('not-subject')})\s+(?:(?!with\b|mit\b|avec\b|con\b)[^\s;,]+\s+){{0,2}}$")
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
DATELINE: Final = Pattern(r"[A-ZÀ-Þ][\w .,'’À-ž-]{2,40}?[,(–—-]?\s*[(–—,-]?\s*(?:\w+\s+){0,2}$")
STAMP_LINE: Final = uncased(
    r"(?:^|\b)(?:by|von|par|por|di|date|publish\w*|posted|updated|last\s+updated)\b|[|•·@]|\s[-–—]\s"
)
# `Salt Road returns on August 6`, in December: the next August is meant.
AHEAD: Final = uncased(rf"\b(?:{either('ahead')})\b[^.;:]{{0,60}}$")
FAR_AHEAD: Final = 0.6
# What may be is no date to remind of.
HEDGE: Final = uncased(rf"\b(?:{either('hedge')})\b")
ASKS: Final = uncased(rf"[\W\d]*(?:{either('asks')})\b")
IF: Final = uncased(r"\b(?:if|unless|whether|wenn|falls|jeśli)\b[^.,;]{0,40}$")
# "The premieres of 2025" are many.
OF_A_YEAR: Final = uncased(r"of\s+\d{4}")
HEDGED: Final = 90
AFTER_INSERTION: Final = uncased(rf",\s*(?:(?:{either('auxiliary')})\s+)*$")
IS_NEXT: Final = uncased(r"\b(?:next|nächst\w+|prochain\w*|próxim\w+|prossim\w+|przyszł\w+)\b")
NOW: Final = uncased(rf"\b(?:{either('now')})\b")
# Words for a new date that takes the place of one named before: `now`, `only then`.
INSTEAD: Final = uncased(rf"\b(?:{either('instead')})\b[^.;]{{0,60}}$")
# `During the earnings call, ...`: what begins so is said of no date behind it.
OCCASION: Final = uncased(rf"(?:{either('occasion')})\s+(?!(?:the\s+)?(?:early|late|mid)\b)[^,]{{2,60}},")
INSTEAD_OF: Final = uncased(r"instead\s+of|rather\s+than|(?:an)?statt|au\s+lieu|en\s+lugar|invece|em\s+vez|zamiast")
# `Not on June 6, but ...`
NOT_ON: Final = uncased(
    r"\b(?:nicht|not|pas|não|nie)\s+(?:(?:wie\s+(?:ursprünglich\s+)?geplant|as\s+planned|comme\s+prévu|"
    r"como\s+previsto|mehr|more)\s+)?(?:am|on|in|im|le|en|em|w|ab|from)\s+(?:the\s+)?$"
    r"|\bnon\s+\w+\s+(?:il|l['’])\s*$"
)
# Plans that no longer hold: `Disney had decided to move it to May 5`.
HAD_MEANT: Final = uncased(rf"\b(?:{either('had')})\s+(?:\w+\s+)?(?:{either('meant')})\b")
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
LAUNCH: Final = uncased(rf"(?:{either('launch')})")
OF: Final = uncased(r"\s+(?:of|di|de|do|da|von|du|d['’])\s*(?:the\s+)?")
TO_BE_SOON: Final = uncased(r"\s+(?:(?:will|is\s+set\s+to|wird|officially|finally)\s+)*")
ON: Final = uncased(r"\s+(?:on|in|this|next|am|im)\s+(?!(?:the|its)\b)(?=[\w\d])")
# A delay that lies behind it: what is said to come after it comes.
OVERCOME: Final = uncased(rf"\b(?:{either('overcome')})\s+(?:\w+\s+){{0,3}}(?:{either('delays')})\b")
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
ARTICLE: Final = uncased(
    r"\s+(?:(?:with|mit|avec|con|com)\s+)?(?:(?:the|a|its|die|der|das|le|la|les|el|los|las|il|o|os|as)\s+)?"
)
NEAR: Final = 26
# How far in front of a move stands what was moved.
BESIDE: Final = 40
BESIDES: Final = uncased(r"\balongside\s+(?:the\s+|its\s+|a\s+)?(?:\w+\s+)?$")
CLOSE: Final = 6
ADJACENT: Final = 3

# `28.07.2020 10:15`: as a page is stamped.
NUMERIC: Final = Pattern(r"[\d./-]+")
CLOCK: Final = uncased(r"[,\s]*(?:[-|@]\s*)?\d{1,2}:\d\d\b(?!\s*(?:uhr|h\b))")
FROM_DAY: Final = uncased(r"\b(?:am|ab|vom|on|from|le|el|il|dal|dia|od)\s+$")
# Words that say no more than that something begins: any other word of the clause says what.
WEAK: Final = uncased(r"ab|od|dès|aus|à\s+partir\s+d[ue]|a\s+partir\s+d[eoa]l?|a\s+partire\s+dal?.*")
_LEADING: Final = uncased(r"(?:to|until|till|bis|by|for|into|na|auf|do|hasta|para)[\s-]+")


def leading(text: str) -> str:
    """Return the preposition that a date begins with (`to 2024`, `until November`), empty when with none."""
    found = _LEADING.match(text)
    return found[0] if found else ""
