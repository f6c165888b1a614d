"""The words that say what a date is of: a release, or one of the many other things that have dates.

One table for all languages. A cue is looked for as a whole word, in any case.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reminder.announcements.reading.patterns import Pattern


class CueRole(enum.StrEnum):
    """The role of a date in an announcement; only the first is one to be reminded of."""

    RELEASE = "release"
    PAST = "past"
    OLD = "old date"
    END = "end"
    FINALE = "finale"
    LATER_PART = "later part"
    TRAILER = "trailer"
    FILMING = "filming"
    FESTIVAL = "festival"
    TICKETS = "tickets"
    HISTORY = "history"
    AWARDS = "awards"
    DISC = "disc"
    EXTRA = "extra"
    SAID = "said"
    STAMP = "article's own date"
    SUPPOSED = "only supposed"
    UNSAID = "nothing said"


@dataclass(frozen=True, kw_only=True)
class Cue:
    """A word or phrase with a role, at `start` to `end` of its sentence; `verb`: it does, rather than names."""

    role: CueRole
    start: int
    end: int
    verb: bool = False


# Present and future: what will come out. Participles ("premiering") belong to the noun before them.
_RELEASE_VERBS: Final = r"""
premieres? premiers? debuts? bows? launch(?:es)? arriv(?:es?|ing) drops? streams? (?<!de\s)(?<!di\s)(?<!do\s)streaming(?!\s+(?:service|giant|platform|network|wars|hit|era)) touch(?:es)?\s+down returns? lands? opens? hits? hits?\s+(?:\w+\s+){0,2}screens (?:to|on)\s+(?:our|your|the|tv|uk|us)\s+screens airs?
comes? coming (?:leav(?:es?|ing)|exits?|exiting)\s+(?:steam\s+)?early\s+access tak(?:es?|ing)\s+over(?!\s+(?:as|from|by)) tak(?:es?|ing)\s+(?:over\s+)?the\s+(?:[^,.;]|[ap]\.m\.){0,24}\bslot go(?:es|ing)?\s+(?:(?:straight|directly)\s+to|limited|wide|nationwide) skip(?:s|ping)? out (?:kick|roll)(?:s|ing)?[\s-](?:off|out) kick\s+off roll\s+out bow begins? starts? starting premiering debuting
launching dropping returning landing opening hitting airing beginning releasing bowing releases? available released heads?\s+to heading\s+to
moves?\s+(?:up\s+)?to moved\s+(?:up\s+)?to moved\s+back\s+to pushed\s+(?:back\s+)?to shift(?:ed|s)?\s+to bring back expands? expanding
confirmed\s+(?:to|for) (?:set|slated|scheduled|dated|due|ready|locked|eyeing|eyed|expected|planned|tipped|poised|primed|gearing\s+up)(?:\s+to|\s+for)? follows? following
shown unfold(?:s)? dates? (?:break|hiatus|wait|absence|drought)\b[^.,;]{0,32}?\b(?:ends?|over) mark\s+(?:your|the)\s+(?:calendars?|date) save\s+the\s+date apunta(?:d|r)? anota(?:d|r)? merkt\s+euch lock(?:s|ed)? reach(?:es)? seen watch binge played? dropped ce\s+sera carr(?:y|ies|ying) (?:will|to)\s+host (?:will|'ll|’ll)\s+see
eingeleitet beginnt beginnen startet starten gestartet läuft laufen erscheint erscheinen kommt kommen ausgestrahlt feiert feiern zeigt zeigen veröffentlicht
anlaufen anläuft los weiter folgt stehen strahlt zurückkehrt kehrt verfügbar abrufbar sehen bringt geht weitergeht abruf sehen streamen streambar
à\s+(?:partir|compter)\s+d[ue] sortirait arriverait débarquerait sort sortira sortiront sortir débarque débarquera débarqueront arrive arrivera arriveront revient reviendra reviendront
diffusera diffusée?s? diffusé diffuse lance lancera disponibles? débute débutera démarre verra proposera proposent découvrir programmée? attendue? prévue?s? débarquent arrivent paraîtra démarrera découvrir ligne rendez-vous retrouver
volver regresar a\s+partir\s+del? estrena estrenan estrenará estrenarán llega llegan llegaría llegarían estrenaría estrenarían llegará llegarán lanza lanzará regresa regresará vuelve volverá estrenarán debuta debutará arranca arrancará desembarca aterrizará previst[ao]s? programad[ao]s? fijad[ao] emitirá disponible aterriza aterrizará estrenar llegar verse podrá
esce escono uscirà usciranno arriva arrivano arriverà arriveranno debutta debutterà debutteranno torna tornerà tornano tornare arrivare debuttare segnatevi caricat[aoi] a\s+partire\s+dal?(?:l[ao’\'])?
inizia inizier(?:à|anno) comincia comincer(?:à|anno) attes[oaie] in\s+partenza uscire onda trasmess[aoei] programmata parte partirà partiranno sbarca approda approderà disponibil[ei] previst[ao] vedremo
a\s+partir\s+d[eoa] estreia estreiam estreará estreia-se chega chegam chegaria estrearia chegará chegarão lança lançará lançados? retorna retornará volta voltará disponíve(?:l|is) estrear chegar desembarca regressa regressará marcad[ao] será serão
zadebiutuje debiutuje debiutują trafi trafią wejdzie wejdą pojawi pojawią ukaże ukażą powróci powraca wraca wróci wrócą ruszy zobaczymy oglądać obejrzeć dostępn[ye] startuje wystartuje zagości zawita obejrzymy emisja emitowany planowana zaplanowan[aoy] odbędzie zadebiutują
"""
_RELEASE_NOUNS: Final = r"""
premiere debut release arrival return launch (?:release|premiere|launch|air|return|streaming)\s+dates? premiere\s+dates? from\s+today
in(?:to)?\s+(?:(?:select(?:ed)?|all|uk|us|irish|british|american|german|australian|indian|imax|and)\s+){0,4}(?:theat(?:er|re)s|cinemas) on\s+sale\s+digitally rollout
starttermin kinostart serienstart start erstausstrahlung ausstrahlung veröffentlichung deutschlandstart premiere staffelstart fernsehpremiere
neue\s+folgen
sortie arrivée retour diffusion date\s+de\s+sortie avant-première
estreno lanzamiento regreso fecha\s+de\s+estreno
uscita debutto data\s+di\s+uscita arrivo ritorno lancio
estreia lançamento retorno data\s+de\s+estreia
premiera premiery premierę premierą debiut powrót
ab dès aus od
"""
_PAST: Final = r"""
premiered debuted launched arrived aired ended concluded wrapped opened started began begun kicked bowed finished came\s+out hit\s+the\s+screens
first\s+aired streamed landed returned grossed earned starred ran wowed became turned happened died filmed shot screened closed topped since
(?:was|were|has\s+been|have\s+been|had\s+been|been)\s+(?:first\s+|originally\s+|just\s+)?(?:released|published|broadcast|shown|screened|aired|added|cancelled|canceled|made\s+available|streaming|nominated)
(?:has|have)\s+returned made\s+(?:its|their)\s+return (?:a|ont)\s+fait\s+(?:son|leur)\s+retour ha\s+fatto\s+ritorno
startete starteten lief liefen erschien erschienen feierte feierten endete zuletzt kam kamen seit
(?:est|sont)\s+(?:sortie?s?|arrivée?s?|disponibles?\s+depuis) sortie?s?\s+en a\s+été\s+présentée? depuis diffusée?s?\s+en avait étaient était achevée? terminée?s?
se\s+estrenó estrenó estrenaron llegó llegaron emitió lanzó terminó desde\s+el\s+pasado fue fueron estrenad[ao]s?\s+(?:en|el)
(?:è|sono)\s+uscit[aoei] uscit[aoei] debuttò debuttato arrivat[aoei] andat[aoei] conclus[aoei]
estreou estrearam chegou chegaram lançou terminou foi foram
zadebiutował[ao]? debiutował[ao]? trafił[ao]? pojawił[ao]? ukazał[ao]? miał[ao]?\s+premierę zakończył[ao]? wszedł weszła
"""
_OLD: Final = r"""
(?:had|aveva(?:no)?|avait|había|hatte)\s+(?:decided|planned|deciso|décidé|decidido|beschlossen|geplant) in\s+origine original\s+(?:(?:release|premiere|air|launch|return|opening)\s+)?(?:date|slot|plan)s? originally previously initially formerly instead\s+of rather\s+than no\s+longer earlier\s+date once\s+planned
(?:was|were|had\s+been|have\s+been)\s+(?:originally\s+|previously\s+|initially\s+|supposed\s+|first\s+)?(?:set|slated|scheduled|due|expected|planned|dated|meant|supposed|going|eyeing|aiming)(?:\s+to|\s+for)?
was\s+to delayed\s+from moved\s+from pushed\s+from bumped\s+from questioned challenged disputed halted stayed(?!\s+tuned) shifted\s+from vacated vacates vacating
ursprünglich eigentlich zunächst statt anstatt sollte sollten geplant\s+war
initialement devait devaient prévue?\s+initialement au\s+lieu
originalmente inicialmente iba\s+a iban\s+a estaba\s+previst[ao] en\s+lugar
inizialmente originariamente doveva dovevano era\s+previst[ao] invece
estava\s+previst[ao] deveria em\s+vez
pierwotnie miał[ao]?\s+(?:trafić|zadebiutować|wejść|pojawić) zamiast początkowo
"""
_END: Final = r"""
through until till ends? ending leaves? leaving expires? concludes? concluding wraps? wrapping runs\s+through removed last\s+chance before
s['’]achèv\w+ prend\s+fin prendra\s+fin se\s+termina finaliza concluye se\s+despiden? kończy\s+się bis endet enden jusqu(?:['’]?au|['’]?à) hasta fino\s+al? até aż\s+do
"""
_FINALE: Final = r"""
(?:series|season|mid-?season|winter|fall|midseason)?[\s-]*finales? grand\s+finals? (?:final|last)\s+scenes? final\s+(?:episode|instal?lment|chapter|two\s+episodes|three\s+episodes) last\s+episode swan\s+song series[\s-]ender
finalfolge staffelfinale serienfinale letzte\s+(?:folge|episode) (?:dernier|ultime)\s+épisode (?:le|du|au|son)\s+final épisode\s+final
último\s+(?:episodio|capítulo|episódio) ultim[oa]\s+(?:episodio|puntata) ostatni\s+odcinek finał
"""
_LATER_PART: Final = r"""
(?:part|volume|vol\.?|batch|half)\s+(?:two|three|2|3|ii|iii) (?:second|third|final|latter|remaining|back)\s+(?:half|part|batch|volume|instal?lment|chunk|episodes)
restlichen verbleibenden übrigen\s+folgen weiteren\s+(?:folgen|episoden) zweite\s+hälfte épisodes\s+suivants episodios\s+restantes segunda\s+mitad episodi\s+(?:restanti|successivi) kolejne pozostałe drug(?:a|ą|iej)\s+część (?:remaining|final|last|following|subsequent)\s+(?:\w+\s+)?episodes teil\s+(?:2|3|zwei) zweite[rn]?\s+teil partie\s+2 parte\s+2 segunda\s+parte seconda\s+parte część\s+2
"""
_TRAILER: Final = r"""
(?<!prime\s)videos?(?!\s+games?) trailers? teasers? first[\s-]look sneak\s+peek clips? posters? motion\s+poster featurette key\s+(?:art|visual) bande-annonce tráiler avance zwiastun(?:u)? first\s+single song
"""
_FILMING: Final = r"""
(?<!premiere\s)(?<!release\s)start\s+date start\s+(?:to|of|on)\s+(?:the\s+)?(?:production|filming|shooting|principal) production\s+start filming shooting production principal\s+photography cameras? shoot reshoots? dreharbeiten dreh gedreht tournage rodaje filmación filmaciones grabación (?:comienzo|inicio)\s+de\s+la\s+producción grabaciones riprese filmagens gravações zdjęcia writers['’]?\s+room writing casting
"""
_FESTIVAL: Final = r"""
festivals? sundance cannes tiff sxsw tribeca telluride berlinale mostra world\s+premiere(?:d|s)?\s+at comic-?con screens? screening(?:s)? premiere\s+event red\s+carpet panel fan\s+event
filmfest(?:spiele)? festiwal(?:u)? in\s+competition biennale upfronts?
"""
_TICKETS: Final = r"""
tickets? karten on\s+sale pre-?sales? presales? advance\s+bookings? bookings? vorverkauf préventes? billets entradas biglietti ingressos bilety
"""
_HISTORY: Final = r"""
set\s+(?:in|during|against|around|between) takes?\s+place born birthday anniversary(?!\s+(?:remaster|remake|collection)) founded established set\s+in\s+the dates\s+back inspired\s+by turned turns passed\s+away died death geboren geburtstag née? né\s+le nació nacid[ao] nat[oa]\s+il nasceu urodził[ao]? anniversaire aniversario anniversario
paperback hardcover audiobook novel(?:s|isation|ization)? books? memoir manga light\s+novels? comics comic\s+(?:books?|series|strips?) bestseller roman graphic\s+novel
"""
_AWARDS: Final = r"""
awards? emmys? oscars? golden\s+globes? bafta(?:s)? grammys? ceremony nominations? nominated gala
"""
_DISC: Final = r"""
volume\s+(?!1\b)\d+ vol\.?\s+\d+ blu-?ray dvd 4k\s+(?:uhd|edition|restoration) (?:collector['’]?s|special|criterion)\s+edition steelbook soundtrack album vinyl box\s+set home\s+video novelisation novelization tie-in
"""
_EXTRA: Final = r"""
(?-i:auctions?|memorial|funeral|sentencing|retrospective|residency|fundraiser|tournament|championships?|sweepstakes|museum|pop-?up|coaster|theme\s+park|attraction|bookstores|repeats|upfront) (?:summer|winter|autumn|spring|holiday|steam)\s+sale wiederholungen rediffusions repliche (?:dev(?:eloper)?|charity|community|anniversary|launch|special)\s+(?:live\s?)?streams? (?:an?|our)\s+(?:(?!will\b|to\b|can\b|and\b)[\w-]+\s+){1,3}stream nintendo(?:['’]s)?\s+(?:next\s+)?direct state\s+of\s+play opening\s+night\s+live vernissage ausstellung prozess procès juicio processo(?!\s+di\s+sviluppo)
re-?releas(?:e[ds]?|ing)? ri-?uscita wiederaufführung reposição reestreno ressortie rehearsals? re-?opening auditions? voting submissions? registration exhibition conference event parade price subscriptions? tier beta demo early\s+access pre-?orders? podcast tour concert livestream showcase merchandise recap companion aftershow earnings convention deal merger acquisition takeover transaction restoration reunions? reruns? console(?!\s+(?:version|port|edition|release|launch|players)) headset handheld (?:for\s+)?one\s+night\s+only expansion dlc hearing trial verdict ruling petition lawsuit expo keynote
"""
_SAID: Final = r"""
announced? announces announcing revealed reveals? confirmed confirms said says unveiled unveils told posted shared tweeted wrote teased reported reports deu\s+a\s+notícia notizia nouvelle\s+est according\s+to de\s+acordo\s+com de\s+acuerdo\s+con según selon laut według statement interview press\s+release renewed renews
teilte mitgeteilt bestätigte kündigte angekündigt verriet annoncée? annoncé confirmé dévoilée? révélée? anunció confirmó anunciad[ao] reveló annunciato confermato anunciou divulgou divulga confirmou revelou ogłosił[ao]? potwierdził[ao]? zapowiedział[ao]? poinformował[ao]?
"""
_STAMP: Final = r"""
published\s+(?:on|at|by)? updated last\s+(?:modified|updated) posted\s+(?:on|at|by) first\s+published modified copyright © veröffentlicht\s+am aktualisiert publié(?:e)?\s+le mis(?:e)?\s+à\s+jour publicado actualizado pubblicato aggiornato atualizado opublikowano aktualizacja data\s+publikacji
"""


# What may not stand around a word of the tables: a part of a longer word.
BEFORE: Final = r"(?<![\w-])(?:"
BEHIND: Final = r")(?!\w|-up\b)"


def _compiled(*tables: str) -> Pattern:
    words = [word for table in tables for word in table.split()]
    return Pattern(f"{BEFORE}{'|'.join(sorted(words, key=len, reverse=True))}{BEHIND}", re.IGNORECASE)


_TABLE: Final = (
    (CueRole.RELEASE, True, _compiled(_RELEASE_VERBS)),
    (CueRole.RELEASE, False, _compiled(_RELEASE_NOUNS)),
    (CueRole.PAST, True, _compiled(_PAST)),
    (CueRole.OLD, False, _compiled(_OLD)),
    (CueRole.END, True, _compiled(_END)),
    (CueRole.FINALE, False, _compiled(_FINALE)),
    (CueRole.LATER_PART, False, _compiled(_LATER_PART)),
    (CueRole.TRAILER, False, _compiled(_TRAILER)),
    (CueRole.FILMING, False, _compiled(_FILMING)),
    (CueRole.FESTIVAL, False, _compiled(_FESTIVAL)),
    (CueRole.TICKETS, False, _compiled(_TICKETS)),
    (CueRole.HISTORY, False, _compiled(_HISTORY)),
    (CueRole.AWARDS, False, _compiled(_AWARDS)),
    (CueRole.DISC, False, _compiled(_DISC)),
    (CueRole.EXTRA, False, _compiled(_EXTRA)),
    (CueRole.SAID, True, _compiled(_SAID)),
    (CueRole.STAMP, False, _compiled(_STAMP)),
)


# `Part Two` behind a colon is half of a name: `Salt Road: Part Two`.
_NAMED_PART: Final = Pattern(r"[A-Z]\w*\s?:\s$")
# `The Emmy-winning drama returns on July 9` is of no ceremony.
_HONOURED: Final = Pattern(
    r"[\s-]+(?:(?:and|,)\s+(?:\w+\s?){1,2}[\s-]+)?(?:awards?[\s-]+)?(?:winn|nomin|prämi|ausgezeichn|prim[ée]|ganador|vincit|vencedor)",
    re.IGNORECASE,
)


@functools.lru_cache(
    maxsize=1024
)  # more than the sentences of a text: a sentence is asked for again with each date and each name in it
def cues(text: str) -> tuple[Cue, ...]:
    """Given a sentence, return its cues in order; of two that overlap, the longer one."""
    kept: list[Cue] = []
    for cue in sorted(_all(text), key=lambda found: (found.start - found.end, found.start)):
        if all(cue.end <= other.start or other.end <= cue.start for other in kept):
            kept.append(cue)
    return tuple(sorted(kept, key=lambda found: found.start))


def _all(text: str) -> Iterator[Cue]:
    for role, verb, pattern in _TABLE:
        for found in pattern.finditer(text):
            if role is CueRole.AWARDS and _HONOURED.match(text, found.end()):
                continue
            if role is CueRole.LATER_PART and _NAMED_PART.search(text, 0, found.start()) and found[0][0].isupper():
                continue
            yield Cue(role=role, start=found.start(), end=found.end(), verb=verb)


def says_release(text: str) -> bool:
    """Tell whether a text has a word of release in it."""
    return any(cue.role is CueRole.RELEASE for cue in cues(text))
