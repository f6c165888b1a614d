"""The words around a date that change what it is the date of: delays, moves, questions, what may be."""

from __future__ import annotations

import re
from typing import Final

from reminder.core.reading.cues import Role
from reminder.core.reading.patterns import Pattern

DELAY: Final = Pattern(
    r"\b(?:delay(?:ed|s|ing)?|postpon\w+|push(?:ed|es|ing)\s+back|pull(?:ed|ing|s)\b|taken?\s+off|shelved|held\s+back|"
    r"on\s+hold|verschoben|verschiebt|verschiebung|reportée?|repoussée?|décalée?|aplazad\w+|aplaza|retrasad\w+|retrasa|rinvi\w+|"
    r"posticip\w+|rimanda\w+|slitt\w+|adiad\w+|adia|adiamento|posterga\w*|pospon\w*|pospuest\w+|atrasad\w+|przełożon\w+|przesunięt\w+|opóźnion\w+)\b",
    re.IGNORECASE,
)
MOVE: Final = Pattern(
    r"\b(?:mov(?:ed?|es|ing)|push(?:ed|es|ing)?|shift\w*|delay\w*|bump\w*|postpon\w*|verschob\w*|verschieb\w*|verleg\w*|vorgezogen|"
    r"décal\w*|repouss\w*|report[eé]\w*|avanc[eé]\w*|aplaz\w*|posterg\w*|retras\w*|traslad\w*|adelant\w*|slitt\w*|spost\w*|"
    r"rinvi\w*|posticip\w*|anticip\w*|(?:si\s+)?passa(?:re|to|no)?|pasan?|pasará|passad[oa]|passou|mudou|mudad[oa]|transferid[oa]|adiad[oa]|przesuni\w*|przełoż\w*)\b",
    re.IGNORECASE,
)
TO: Final = Pattern(
    r"\b(?:to|until|till|into|for|auf|bis|au|à|al|a|para|hasta|fino\s+a|per|até|na|do|now|jetzt|nun)\s+(?:den\s+|the\s+|le\s+|el\s+|o\s+)?(?:(?:early|mid|late)[\s-]+)?$",
    re.IGNORECASE,
)
FROM: Final = Pattern(
    r"\b(?:from|off|instead\s+of|vom|von|du|del|dal(?:l['’])?|de|do|z)\s*(?:(?:its|the|their|an?)\s+)?(?:\w+\s+)?$",
    re.IGNORECASE,
)
NOT_UNTIL: Final = Pattern(
    r"(?:\b(?:won|isn|aren|doesn|don)['’]t|\b(?:will|does)\s+not|\bnot\s+(?:be|come|expected|due)|\bnever)\b[^.;,]{0,40}\b(?:until|till)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
TWEET: Final = Pattern(r"@\w+\)?\s*[,—–-]?\s*$")
# What will be released is to come, whatever its participle looks like.
TO_BE: Final = Pattern(
    r"\b(?:will|shall|to|wird|werden|será|serán|serão|sera|seront|sarà|saranno|zostan\w+)\s+(?:\w+\s+){0,2}?(?:be\s+)?(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
UP_TO: Final = Pattern(
    r"(?:\b(?:through|until|till|thru|bis(?:\s+zum)?|jusqu['’]?(?:au|à)|hasta(?:\s+el)?|fino\s+al?|até|aż\s+do)\s+(?:the\s+)?$|"
    r"\d\w*\s?(?:-|–|—|to|and|through)\s?$)",
    re.IGNORECASE,
)
BY: Final = Pattern(
    r"\b(?:before|by|prior\s+to|ahead\s+of|vor|avant|antes\s+de|prima\s+del|przed)\s+(?:the\s+)?$", re.IGNORECASE
)
NOT: Final = Pattern(r"\b(?:not|won['’]t|no\s+longer|nicht|pas|non?|não|nie)\b[^,;]{0,25}$", re.IGNORECASE)
OTHER_VERB: Final = Pattern(
    r"\b(?:reveal\w*|confirm\w*|show(?:s|ed|ing)|announc\w*|that|ahead|offer\w*|tease[sd]?|sets?\b(?!\s+(?:to|for))|gives?|gave|released?|dropped|before|as|"
    r"when|follow(?:s|ed)|has|have|watch|see|zeigt|verrät|dévoile|révèle|desvela|revela|svela)\b",
    re.IGNORECASE,
)
NOT_SUBJECT: Final = Pattern(
    r"\b(?:of|on|from|by|after|following|in|at|for|to|via|like|into|aus|von|nach|der|des|zum|zur|de|du|del|della|dei|di|da|do|sur|sobre|na|z|par|por)"
    r"\s+(?:(?!with\b|mit\b|avec\b|con\b)\S+\s+){0,2}$",
    re.IGNORECASE,
)
SUBJECTS: Final = frozenset(
    {
        Role.TRAILER,
        Role.FINALE,
        Role.TICKETS,
        Role.FILMING,
        Role.DISC,
        Role.AWARDS,
        Role.EXTRA,
        Role.FESTIVAL,
        Role.LATER_PART,
        Role.HISTORY,
    }
)
DATELINE: Final = Pattern(
    r"[A-ZÀ-Þ][\w .,'’À-ž-]{2,40}?[,(–—-]?\s*[(–—,-]?\s*(?:\w+\s+){0,2}$",
)
STAMP_LINE: Final = Pattern(
    r"(?:^|\b)(?:by|von|par|por|di|date|publish\w*|posted|updated|last\s+updated)\b|[|•·@]|\s[-–—]\s", re.IGNORECASE
)
# What may be is no date to remind of.
HEDGE: Final = Pattern(
    r"\b(?:potentially|possibly|perhaps|maybe|might|could|estimat\w+|forecast\w*|analysts?|rumou?r(?:ed|s)|speculat\w+|hopefully|presumably|likely|at\s+the\s+earliest|imagine[rz]?|predict\w*|suggest\w*|guess\w*|assum\w+|would\s+(?:have|likely)|typically|usually|normally|indicat\w+|makes\s+sense|reasonable|would\s+(?:\w+\s+)?(?:love|like|hope|expect|want)|(?:it['’]s|think\s+it['’]s|be)\s+possible|"
    r"möglicherweise|liegt\s+(?:\w+\s+){0,2}nahe|rund\s+um|vielleicht|vermutlich|könnte|wahrscheinlich|imaginer|on\s+peut\s+espérer|peut-être|pourrait|probablement|podría|quizás?|probablemente|potrebbe|forse|"
    r"probabilmente|poderia|talvez|provavelmente|może|prawdopodobnie)\b",
    re.IGNORECASE,
)
ASKS: Final = Pattern(
    r"[\W\d]*(?:will|is|are|could|can|does|do|did|should|may|might|when|what\s+time|kommt|wird|wann|quand|est-ce|cuándo|será|llegará|quando|sarà|kiedy|czy)\b",
    re.IGNORECASE,
)
IF: Final = Pattern(r"\b(?:if|unless|whether|wenn|falls|jeśli)\b[^.,;]{0,40}$", re.IGNORECASE)
# "The premieres of 2025" are many.
OF_A_YEAR: Final = Pattern(r"of\s+\d{4}", re.IGNORECASE)
HEDGED: Final = 90
AFTER_INSERTION: Final = Pattern(
    r",\s*(?:(?:will|is|are|was|has|have|be|been|now|set|to|also|finally|scheduled|due|wird|ist|sera|est|será|es|é|sarà|è|jest|będzie)\s+)*$",
    re.IGNORECASE,
)
IS_NEXT: Final = Pattern(r"\b(?:next|nächst\w+|prochain\w*|próxim\w+|prossim\w+|przyszł\w+)\b", re.IGNORECASE)
NOW: Final = Pattern(r"\b(?:now|new|jetzt|nun|neue[rn]?)\b", re.IGNORECASE)
# What comes `now`, `only then`, instead of a date that the sentence named before.
INSTEAD: Final = Pattern(
    r"\b(?:now|instead|jetzt|nun|(?:sondern\s+)?(?:\w+\s+)?erst|désormais|finalement|plutôt|ahora|finalmente|sino|agora|mas\s+sim|no\s+fim|adesso|ora|bensì|alla\s+fine|al\s+final|schließlich|teraz|dopiero)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
# `Not on June 6, but ...`
NOT_ON: Final = Pattern(
    r"\b(?:nicht|not|pas|não|nie)\s+(?:(?:wie\s+(?:ursprünglich\s+)?geplant|as\s+planned|comme\s+prévu|como\s+previsto|mehr|more)\s+)?(?:am|on|in|im|le|en|em|w|ab|from)\s+(?:the\s+)?$"
    r"|\bnon\s+\w+\s+(?:il|l['’])\s*$",
    re.IGNORECASE,
)
# What had been meant, and is no longer: `Disney had decided to move it to May 5`.
HAD_MEANT: Final = Pattern(
    r"\b(?:had|aveva(?:no)?|avait|avaient|había(?:n)?|hatte(?:n)?|tinha)\s+(?:\w+\s+)?(?:decided|meant|planned|wanted|deciso|décidé|decidido|beschlossen)\b",
    re.IGNORECASE,
)
MOVED_BESIDES: Final = frozenset(
    {Role.FILMING, Role.EXTRA, Role.TRAILER, Role.FINALE, Role.TICKETS, Role.DISC, Role.AWARDS}
)
# The words in which a service is launched, and what may stand between them and its name.
LAUNCH: Final = Pattern(
    r"(?:launch(?:es)?|debuts?|arriv(?:es|al|ée|o)|llegada|chegada|lancio|lancement|lanzamiento|lançamento|start(?:et)?|appear|go(?:es)?\s+live)",
    re.IGNORECASE,
)
OF: Final = Pattern(r"\s+(?:of|di|de|do|da|von|du|d['’])\s*(?:the\s+)?", re.IGNORECASE)
TO_BE_SOON: Final = Pattern(r"\s+(?:(?:will|is\s+set\s+to|wird|officially|finally)\s+)*", re.IGNORECASE)
ON: Final = Pattern(r"\s+(?:on|in|this|next|am|im)\s+(?!(?:the|its)\b)(?=[\w\d])", re.IGNORECASE)
# A delay that lies behind it: what is said to come after it comes.
OVERCOME: Final = Pattern(
    r"\b(?:after|following|despite|nach|après|tras|después\s+de|dopo|após|depois\s+de|po)\s+(?:\w+\s+){0,3}(?:delays?|postponements?|verschiebung\w*|reports?|retrasos?|aplazamientos?|rinvii?|rinvio|adiamentos?|opóźnieniach)\b",
    re.IGNORECASE,
)
# What a text says that a date was moved to counts more than what it says of other dates.
MOVED: Final = 1.3
# A weekday and its number, in the days about which the text was written.
NUMBERED: Final = Pattern(r"[^\W\d][\w-]*\W+(?:día\s)?\d{1,2}")
LONG_AHEAD: Final = 240
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
ADJACENT: Final = 3

# `28.07.2020 10:15`: as a page is stamped.
NUMERIC: Final = Pattern(r"[\d./-]+")
CLOCK: Final = Pattern(r"[,\s]*(?:[-|@]\s*)?\d{1,2}:\d\d\b(?!\s*(?:uhr|h\b))", re.IGNORECASE)
FROM_DAY: Final = Pattern(r"\b(?:am|ab|vom|on|from|le|el|il|dal|dia|od)\s+$", re.IGNORECASE)
# Words that say no more than that something begins: any other word of the clause says what.
WEAK: Final = Pattern(r"ab|dès|aus|à\s+partir\s+d[ue]|a\s+partir\s+d[eoa]l?|a\s+partire\s+dal?.*", re.IGNORECASE)
