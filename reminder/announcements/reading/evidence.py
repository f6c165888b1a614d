"""Whether what begins, opens or is set for a date is the work: such words are said of trials, shops and calls, too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from reminder.announcements.reading.cues import Cue
from reminder.announcements.reading.patterns import Pattern
from reminder.core.dates.month_names import words

# Words that are said of anything: of a work only where a work is named as what does it.
_OF_ANYTHING: Final = Pattern(
    r"(?:begin(?:s|ning)?|start(?:s|ing)?|open(?:s|ing)?|(?:kick|roll)(?:s|ing)?[\s-](?:off|out)|set|slated|scheduled|due|planned|expected|ready|"
    r"locked|(?:set|slated|scheduled|due|planned|expected|ready)\s+(?:to|for)|hits?|shown|seen|follows?|following|comes?|coming|available|out|reach(?:es)?|expands?|go(?:es|ing)?\b.*|unfolds?|play(?:s|ed)?|"
    r"beginnt|beginnen|startet|starten|läuft|laufen|folgt|feiert|geht|steht|stehen|verfügbar|débute|débutera|démarre|démarrera|lance|lancera|prévue?s?|attendue?|programmée?|"
    r"arranca|arrancará|disponible|previst[ao]s?|programad[ao]s?|fijad[ao]|inizia|inizier(?:à|anno)|comincia|parte|partirà|partiranno|programmata|disponibil[ei]|marcad[ao]|ruszy|rusza)",
    re.IGNORECASE,
)
# What may stand between who does something and the verb.
_AUXILIARIES: Final = frozenset(
    words(
        "is are was were be been being will would shall can could may might must should has have had to do does did not now "
        "also finally officially just soon only set scheduled slated due expected planned ready then later first once again "
        "currently still both all originally "
        "wird werden ist sind soll sollen est sont sera seront va vont doit es son será serán está van a è sono sarà saranno va "
        "jest będzie se si"
    )
)
_PREPOSITIONS: Final = frozenset(
    words(
        "of about for from in at on with based between around to by against over behind um über von zu zum zur mit bei gegen "
        "im am de du des sur pour contre à au di del della dei su per con contra em no na do da"
    )
)
# What a work, a part of it or its coming is called; and who brings it or sees it.
_OF_WORKS: Final = frozenset(
    words(
        "it that which they he she who this these those what one both "
        "starrer series show shows drama dramas dramedy comedy sitcom satire soap thriller western romcom rom-com fantasy horror film films movie movies feature documentary "
        "docuseries docudrama miniseries mini-series special specials game games title titles sequel prequel spinoff spin-off follow-up adaptation reboot remake revival "
        "season seasons episode episodes instalment installment instalments installments chapter chapters volume part parts half run batch version port edition release "
        "premiere debut launch return rollout date dates adventure epic romance mystery whodunnit saga anthology anime cartoon project picture "
        "story tale pilot production program programme programs hit entry outing installation procedural musical caper romp romance shooter "
        "platformer roguelike rpg sim racer simulator mmo remaster collection trilogy biopic slasher chiller actioner flick chronicle content slate "
        "network streamer service platform studio distributor publisher developer broadcaster channel company label "
        "fans viewers audiences players subscribers cinemas theaters theatres everyone gamers users "
        "serie serien staffel staffeln folge folgen episoden film filme kinofilm spielfilm komödie krimi thriller krimiserie dramaserie miniserie doku dokumentation spiel fortsetzung "
        "ausstrahlung veröffentlichung start kinostart starttermin termin sender streamingdienst fans zuschauer reihe teil ableger neuauflage "
        "série séries saison saisons épisode épisodes long-métrage métrage comédie feuilleton suite jeu diffusion sortie date chaîne plateforme fiction "
        "temporada temporadas capítulo capítulos episodio episodios película cinta ficción secuela precuela estreno lanzamiento fecha juego plataforma "
        "stagione stagioni puntata puntate pellicola commedia seguito uscita debutto data gioco piattaforma episodi fiction miniserie "
        "episódio episódios longa filme filmes novela minissérie estreia lançamento jogo sezon sezony odcinek odcinki serial premiera "
        "countdown wait year week weekend summer month fall autumn spring winter holiday"
    )
)
# Of a show with a name one is the host for a night; of `a live special` it is said that it comes.
_HOST: Final = Pattern(r"(?:will|to)\s+host", re.IGNORECASE)
# `Refunds start`: a word for several, where a title would have `starts`.
_SEVERAL: Final = Pattern(r"[A-Z][a-z]+s")
_PLURAL: Final = Pattern(r"start|begin|open|hit|follow|come|go", re.IGNORECASE)
# `Starting July 9, the plan will cost more`: what is so from then on is named behind.
_SINCE: Final = Pattern(r"starting|beginning", re.IGNORECASE)
_FOLLOWS: Final = Pattern(r",\s+(?P<does>[^,;:.]{1,60}?)\s+(?:will|can|is|are|has|have|costs?|gets?|may|must)\b")
_DETERMINERS: Final = frozenset(
    words(
        "a an the its their his her our another new der die das den ein eine einen le la les un une son sa el los las una su il lo i gli o os as uma"
    )
)
_JOINING: Final = frozenset(words("and or but und oder aber et ou mais y o pero e ma i ale"))
# A German word for a kind of work ends with that of the work: `Katastrophenserie`.
_COMPOUND: Final = Pattern(
    r"\w(?:serie|serien|film|filme|reihe|staffel|folgen?|drama|komödie|krimi|thriller|spiel|start|saga|epos|märchen|sendung|show)$"
)
_ENGLISH: Final = frozenset(words("the a an new its their another our"))
_ADJECTIVE: Final = Pattern(r"(?:ic|al|ive|ous|ful|est|long|ed)$")
_LONGEST: Final = 5
_GERMAN: Final = frozenset(words("der die das ein eine dem den"))
_MARKED: Final = "”\"’'»*_)“"
_LOOSE: Final = " ,;:–—-(“„«\"'"


def is_of_something_else(verbs: Sequence[Cue], text: str, clause: int, date: tuple[int, int]) -> bool:
    """Given the verbs of release before a date and where its clause begins, tell whether something that is no work does it.

    So it is where each of them can be said of anything, and what does it, or what it is done to, is named and no work.
    """
    does = _does(text[clause : verbs[0].start])
    if _HOST.fullmatch(text, verbs[-1].start, verbs[-1].end):
        return not (done_to := _done_to(text[verbs[-1].end : date[0]])) or _is_other(done_to)
    if not all(_OF_ANYTHING.fullmatch(text, cue.start, cue.end) for cue in verbs):
        return _is_thing(does) and _is_other(does)
    if not does and not clause and _SINCE.fullmatch(text, verbs[0].start, verbs[0].end):
        return (behind := _FOLLOWS.match(text, date[1])) is not None and _is_other(behind["does"].split())
    several = (
        len(does) == 1
        and not clause
        and _SEVERAL.fullmatch(does[0])
        and _PLURAL.fullmatch(text, verbs[0].start, verbs[0].end)
    )
    return bool(several) or _is_other(does) or _is_other(_done_to(text[verbs[-1].end : date[0]]))


def _does(before: str) -> list[str]:
    """Return the words, in front of a verb, that say who does it; none where they do not say."""
    found = before.strip(_LOOSE).split()
    while found and (_bare(found[-1]) in _AUXILIARIES or _bare(found[-1]).endswith("ly")):
        found.pop()
    return found


def _done_to(behind: str) -> list[str]:
    """Return the words, between a verb and its date, that say what it is done to; none where they do not say."""
    found = behind.split()
    return found if found and found[-1][-1] != ":" and _bare(found[0]) in _DETERMINERS else []


def _is_thing(found: list[str]) -> bool:
    """Tell whether words are no more than an article and what it is of: `the demo`, `new outfits`."""
    return (
        2 <= len(found) <= _LONGEST
        and _bare(found[0]) in _ENGLISH
        and not any(_bare(word) in _AUXILIARIES for word in found)
        and not _ADJECTIVE.search(found[-1])
    )


def _is_other(found: list[str]) -> bool:
    """Tell whether what the words name is neither a name nor a work."""
    if not found or _bare(found[0]) in _PREPOSITIONS or _bare(found[-1]) in _JOINING:
        return False
    at = next((place for place, word in enumerate(found) if place and _bare(word) in _PREPOSITIONS), len(found))
    head = found[at - 1] if at < len(found) or found[-1][-1] not in _MARKED else found[-1]
    if head[-1] in _MARKED or _is_work(_bare(head)) or _bare(head) in _DETERMINERS:
        return False
    if head[0].isdigit() or not head[0].isalpha():
        return False
    named = head[0].isupper() and _bare(found[0]) not in _GERMAN
    return not named


def _is_work(word: str) -> bool:
    """Tell whether a word is one for works: `rom-com`, `Krimiserie`."""
    return word in _OF_WORKS or word.rpartition("-")[2] in _OF_WORKS or bool(_COMPOUND.search(word))


def _bare(word: str) -> str:
    """Return a word in small letters, without the marks around it."""
    return word.strip("“”„\"'‘’«»*_.,:;!?()").lower().removesuffix("’s").removesuffix("'s")
