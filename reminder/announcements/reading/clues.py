"""Patterns for titles in a text: the marks around them, the words beside them, and names that are no titles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from reminder.announcements.reading.patterns import Pattern
from reminder.announcements.reading.shape import ORDINALS, SEASON_WORD
from reminder.core.dates.month_names import ENGLISH_MONTHS, MONTH_OF, WEEKDAY_OF, any_of, words

_UPPER: Final = r"A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪĶŁĻŃŇŌŐŒŘŚŠŞŤŪŮŰŹŻŽ"
_WORD: Final = rf"(?:(?:[{_UPPER}]\.)+(?=\s)|(?:Mrs?|Ms|Dr|St|Mt|Jr)\.(?=\s[{_UPPER}])|(?:[LDld]['’])?[{_UPPER}][\w’'.\-+!&×]*[\w!+?]|[{_UPPER}]\w+in[’'](?=\s[{_UPPER}])|[0-9#][\w:.\-]*\w|[{_UPPER}0-9])"
_JOINT: Final = r"(?:of|the|and|a|an|in|to|for|on|with|at|from|by|or|is|as|de|la|le|les|du|des|dans|sur|sous|pour|en|au|aux|à|un|une|der|die|das|dem|den|von|im|am|zum|zur|auf|mit|del|los|las|el|con|por|di|da|do|dei|della|nel|nella|per|e|y|et|und|em|no|nad|w|z|na|ki|ka|ke|se|&|vs\.?|x|’n’|'n')"
_RUN: Final = (
    rf"(?<!\w)[¡¿]?{_WORD}(?:(?:\s+|\s?:\s+|\s+[–-]\s+(?=Part|Chapter))(?:{_JOINT}\s+){{0,3}}{_WORD}){{0,11}}(?!\w)"
)

# As few words as may be: a headline gives most of its words capitals.
_LAZY: Final = _RUN.replace("{{0,11}}", "{0,11}?") if "{{0,11}}" in _RUN else _RUN.replace("{0,11}", "{0,11}?")
_HEADLINE_VERB: Final = (
    r"(?i:to\s+end|ends|(?:is\s+|was\s+|has\s+been\s+|gets\s+|got\s+)?(?:delayed|renewed|cancell?ed|pushed\s+(?:back|to)|postponed|moved\s+(?:up|to)|bumped|revealed|announced|unveiled|confirmed|dated)|slips|slides|moves\s+(?:to|up|back|again)|returns|"
    r"premieres|debuts|arrives|lands|opens|bows|comes\s+to|hits|heads\s+to|(?:is\s+)?coming\s+(?:to|back)|(?:is\s+)?returning|(?:will|to)\s+(?:premiere|release|stream|debut|return|hit|open|launch|arrive|bow|drop|come)|"
    r"(?:sets|gets|lands|confirms|reveals|scores|nabs)\s+(?:an?\s+|its\s+|the\s+|official\s+|new\s+|first\s+)*(?:[\w.]+\s+)?(?:release|premiere|return|launch|streaming|air|debut|start|theatrical)\b)"
)

NAME: Final = Pattern(_RUN)
PAIRS: Final = (
    Pattern(r"“([^“”\n]{1,80}?)”"),
    Pattern(r"(?<!\w)“([^“”\n]{1,80}?)“(?!\w)"),
    Pattern(r"„([^„“”\n]{1,80}?)[“”]"),
    Pattern(r"[«»]\s?([^«»\n]{1,80}?)\s?[«»]"),
    Pattern(r"(?<!\w)\"([^\"\n]{1,80}?)\"(?!\w)"),
    Pattern(rf"(?<!\w)[‘‚']([^‘\n]{{1,80}}?)[’‘'](?!\w)(?!\s[{_UPPER}]\w+[’'](?!\w))"),
    Pattern(r"(?<![*\w])\*{1,2}([^*\n]{1,80}?)\*{1,2}(?![*\w])"),
    Pattern(r"(?<![_\w])_([^_\n]{1,80}?)_(?![_\w])"),
)
# Words that are no first name before a last one: `Other People's Weddings`.
_NO_FORENAME: Final = (
    "The|A|An|Other|Another|Some|All|No|My|Our|Your|Every|Dead|Old|Young|Little|Big|Good|Bad|Last|Lost"
)
_ORDINAL: Final = rf"(?:{any_of(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th|\.|ª|ème|e)?)"
_SEASON: Final = rf"(?:{any_of(SEASON_WORD)})"
_WORKS: Final = (
    r"(?:series|show|drama|dramedy|satire|soap|fantasy|western|romcom|comedy|sitcom|thriller|film|movie|feature|docuseries|documentary|docudrama|miniseries|epic|saga|anime|"
    r"special|romance|rom-?com|mystery|whodunnit|horror|adaptation|anthology|procedural|musical|reboot|sequel|prequel|spin-?off|entertainer|"
    r"Serie|Film|Thriller|Drama|Krimi\w*|Komödie|série|film|mini-?série|serie|película|miniserie|ficción|fiction|fiktion|commedia|comedia|comédia|comédie|dramma|drame|feuilleton|telenovela|komedia|kryminał|telefilm|programa|programma|programme|émission|program|serial|filme|novela|minissérie|serialu|game|title|\w{2,20}(?:serie|film|reihe|komödie)|(?:\w{2,20}-)?sim|shooter|platformer|roguelike|RPG|puzzler|racer)"
)
_VERB: Final = (
    r"(?:will|is\s+set|is\s+coming|is\s+finally|is\s+all\s+set|is\s+scheduled|is\s+slated|is\s+returning|is\s+back|is\s+heading|is\s+arriving|is\s+out|is\s+due|is\s+headed|is\s+going|is\s+getting|has\s+its|went|wrapped|swings|opened|debuted|premiered|earned|grossed|topped|launched|got\s+(?:renewed|a|an|its)|is\s+the\s+(?:latest|new|next)|(?:won|isn|doesn|hasn)[’']t|has\s+(?:been|a|an|set|found|got|topped|sold|earned|wrapped|become|landed|arrived|returned|dropped|launched|finally|officially|just|now|already)|expands?|hitting|reaching|slips|slid|slides|"
    r"was|had|are|premieres?|debuts?|returns?|launches|arrives|drops|lands|opens|hits|bows|airs|streams|starts|begins|comes|gets?|sets?|to\s+(?:premiere|stream|debut|return|release|launch|arrive|open|hit|air)|"
    r"kicks|rolls|scores|lands|renewed|cancelled|canceled|delayed|premiering|debuting|streaming|arriving|"
    r"tendrán?|vuelven?|regresan?|terá|avrà|aura|bekommt|erhält|będzie|powraca|wraca|follows|tells|cent(?:er|re)s|revolves|startet|läuft|kommt|erscheint|sortira|sort|arrive|débarque|llega|llegará|estrena|arriva|uscirà|esce|torna|estreia|chega|zadebiutuje|trafi|wejdzie|ist\s+ab|feiert|wird)"
)


RELEASE_OF: Final = (
    r"(?:starttermin|kinostart|serienstart|premiere|return|verschiebung|rückkehr|delay|release|arrival|sortie|retour|lancement|estreno|lanzamiento|"
    r"regreso|uscita|debutto|ritorno|rinvio|estreia|lançamento|adiamento|regresso|premiera|premierę|premiery)\s+(?:of|von|de|d['’]|du|di|dell?['’]|della|do|da|serialu|filmu)"
)


@dataclass(frozen=True, kw_only=True)
class Clue:
    """A pattern whose group `t` may be a title, and what it is worth.

    `label`: what stands before a colon; `certain`: the words before it leave no doubt that no person is named;
    `headline`: it holds for headlines alone.
    """

    pattern: Pattern
    weight: float
    label: bool = False
    certain: bool = False
    headline: bool = False


def _clue(pattern: str, weight: float, *, label: bool = False, certain: bool = False, headline: bool = False) -> Clue:
    return Clue(pattern=Pattern(pattern), weight=weight, label=label, certain=certain, headline=headline)


CLUES: Final = (
    _clue(r"(?m)^(?:Title|Titel|Titre|Título|Titolo|Tytuł|Show|Series|Movie|Film)\s*:\s*(?P<t>[^\n]{1,80})$", 6.0),
    _clue(
        rf"\b(?i:titled|entitled|called|named|intitulée?|titulad[ao]|llamad[ao]|intitolat[ao]|intitulad[ao]|appelée?|genannt|trata-se\s+de|se\s+trata\s+de|si\s+tratta\s+di|il\s+s['’]agit\s+de|pod\s+tytułem|mit\s+dem\s+Titel)\s+(?:por\s+ahora\s+)?(?P<t>{_RUN})",
        2.0,
        certain=True,
    ),
    _clue(
        rf"(?P<t>{_RUN})(?:['’‘]s)?,?(?:\s+\(?|\s*[–—|-]\s*){_SEASON}\s+(?:\d{{1,2}}|{any_of(ORDINALS)}|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)\b",
        2.5,
    ),
    _clue(
        rf"\b(?i:{_SEASON}\s+(?:\d{{1,2}}|\w+)\s+(?:of|von|de|di|da|del|des|d[’'])|(?:{_ORDINAL}|final|new|last|latest|upcoming|next|first-ever|letzten?|neuen?|dernière|nouvelle|última|nueva|ultima|nuova|nova|nowy|finałowy)\s+(?:and\s+final\s+|series\s+)?{_SEASON}\s+(?:of|von|de|di|da|del|des|d[’']|serialu|der\s+Serie))\s*(?:(?:the|its)\s+)?(?:(?:hit|popular|acclaimed|beloved|series|show|drama|comedy)\s+)*(?:(?:HBO|Netflix|Hulu|Apple|Amazon)['’]s\s+)?(?P<t>{_RUN})",
        2.5,
        certain=True,
    ),
    _clue(
        rf"(?P<t>{_RUN})['’‘]s?\s+(?i:(?:upcoming|new|next)\s+)?(?i:{_ORDINAL}|final|last|new|next|upcoming)\s+(?i:and\s+(?:final|last)\s+)?(?i:{_SEASON})\b",
        2.5,
    ),
    # An entry of a list: `June 8: Salt Road`.
    _clue(rf"\b(?:{any_of(name.title() for name in ENGLISH_MONTHS)})\.?\s\d{{1,2}}\s?[:–—-]\s(?P<t>{_RUN})", 2.0),
    # The subject of a headline: `Salt Road, Ana Rhys's Final Film, Will Open in Theaters`.
    _clue(rf"^(?P<t>{_LAZY})(?:,[^,]{{3,60}},)?\s+(?:{_HEADLINE_VERB})\b", 1.5, headline=True),
    _clue(rf"\b(?:[Ww]orld|[Uu]niverse|[Ss]et|[Pp]remiere|[Tt]railer)\s+of\s+(?P<t>{_RUN})", 1.0),
    _clue(rf"\b{_WORKS},?\s+(?P<t>{_RUN})", 1.3),
    # The release of a name, and a name with what it is behind it.
    _clue(rf"\b(?i:{RELEASE_OF})\s*(?P<t>{_RUN})", 1.5, certain=True),
    _clue(
        rf"\b(?:anime|Anime|[Rr]eboot|[Rr]emake|[Rr]evival|Neuauflage)\s+(?:of|de|von|di|do)\s+(?P<t>{_RUN})",
        1.5,
        certain=True,
    ),
    _clue(rf"\b(?i:llega|llegan|debutta|arriva|estreia|chega|débarque|startet|zadebiutuje)\s+(?P<t>{_RUN})", 1.0),
    # A name written like a sentence, as French, Italian, Spanish and Polish titles are: only its first word has a capital.
    _clue(
        rf"\b(?i:debutta|arriva|torna|esce|llega|regresa|vuelve|estrena|estreia|chega|débarque|arrive|revient|startet|kommt|powraca|wraca)\s+(?P<t>[{_UPPER}]\w+(?:\s+[a-zà-ÿ’']+){{1,5}}),",
        1.8,
        certain=True,
    ),
    _clue(
        rf"(?:^|\b(?:de|di|d['’]|del)\s*)(?P<t>[{_UPPER}]\w+(?:\s+(?:[a-zà-ÿ]+['’]?|[{_UPPER}]\w+)){{1,5}}),\s+(?:(?:la|le|el|il|lo|una?|une|o)\s+|l['’]\s?)(?:[\w’'-]+\s+){{0,3}}?{_WORKS}\b",
        1.8,
        certain=True,
    ),
    _clue(
        rf"\b(?:[Ee]pisodes?|épisodes?|episodios?|capítulos?|episódios?|Folgen|puntate|odcinki)\s+(?:of|de|d['’]|von|di|da)\s*(?P<t>{_RUN})",
        1.5,
        certain=True,
    ),
    _clue(
        rf"(?P<t>{_RUN}),\s+(?i:(?:the|an?|its|our|sa|son|la|le|une?|die|der|das|eine?|el|una|il|lo|o|uma?|nov[oa]|neue[rs]?|nuev[oa]|nuov[oa])\s+|l['’]\s?)(?:[\w’'*+-]+\s+){{0,6}}?{_WORKS}\b(?!['’]s|[\s-]+(?:star|creator|director|writer|act(?:or|ress)|producer|author|veteran|maker))",
        1.5,
        certain=True,
    ),
    _clue(rf"\b(?:images?|photos?|pictures|stills|footage|scenes|clips?|look)\s+(?:from|at|of)\s+(?P<t>{_RUN})", 1.5),
    _clue(
        rf"(?<![\w’'-])(?!(?:{_NO_FORENAME})\s)[{_UPPER}][\w.-]+\s[{_UPPER}][\w-]+(?:['’]s|(?<=s)['’])\s+(?P<t>{_RUN})",
        1.2,
    ),
    _clue(rf"\b(?:says|said)\s+(?P<t>{_RUN})(?=\s+(?:will|is|has|wrapped)\b)", 1.2),
    _clue(rf"\b(?:prequel\s+)?novel\s+(?P<t>{_RUN})", 0.9),
    _clue(rf"\bmakers\s+of\s+(?:the\s+)?(?P<t>{_RUN})", 1.2),
    _clue(rf"(?P<t>{_RUN})\s+(?:fans|viewers)\b", 1.5),
    _clue(rf"(?P<t>{_RUN})\s+(?:star|creator|director|showrunner|writer|producer|boss|lead)s?(?:\s+[{_UPPER}]|:)", 2.5),
    _clue(
        rf"(?P<t>{_RUN})(?:\s(?:movie|film|series|show|game|spin-?off|sequel|prequel|adaptation|reboot))?(?:\s\([^()]{{2,60}}\))?(?:,[^,.]{{3,90}},|,\s+which)?\s+(?:(?:finally|officially|now|also|still|just)\s+)?{_VERB}\b",
        1.2,
    ),
    _clue(
        rf"^(?P<t>{_RUN})\s+(?:is|was|ist|est|es|è|é|to|jest)\s+(?:(?:a|an|the|eine?|une?|una?|uma?)\s+)?[^.,;]{{0,60}}?\b{_WORKS}\b",
        1.6,
    ),
    _clue(
        rf"\b(?i:trailers?|teasers?|bande-annonce|tráiler|zwiastun|premiere\s+dates?|release\s+dates?|date\s+de\s+(?:diffusion|sortie)|fecha\s+de\s+estreno|data\s+di\s+uscita|data\s+de\s+estreia)"
        rf"\s+(?:for|of|pour|zu|de|di|do|da|del)\s+(?P<t>{_RUN})",
        1.8,
    ),
    _clue(
        rf"\b(?:Netflix|HBO(?:\sMax)?|Hulu|Showtime|Starz|STARZ|Peacock|Paramount\+|Apple(?:\s?TV\+)?|Prime\sVideo|Amazon|Disney\+|AMC|FX|ABC|NBC|CBS|Fox|Syfy|BBC(?:\s(?:One|Two))?|ITV|tvN|MBC|KBS|JTBC|Lifetime|Crunchyroll)['’]s?\s+"
        rf"(?:(?:hit|new|upcoming|acclaimed|popular|beloved|latest|original|limited|drama|comedy|sci-fi|fantasy|horror|crime|series|thriller|sitcom|show|anime|film|movie)\s+)*(?P<t>{_RUN})",
        1.5,
    ),
    _clue(
        rf"\b(?:release|releasing|open|opening|launch|launching|debut|premiere|stream|streaming|releases|drop|bring(?:ing|s)?(?:\s+back)?|moved?|moves|taken|renewed|renews|cancelled|canceled|adds?|adding|added|"
        rf"pushed|delayed|dated|dates|rights\s+to|acquired|ordered|greenlit|for|lance|lancera|estrenará|estrena|lancia|watch|date\s+for|cast\s+of)\s+(?P<t>{_RUN})",
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
    _clue(
        rf"(?P<t>{_RUN})\s+(?i:(?:TV\s+|television\s+)?(?:adaptation|anime|light\s+novels?|manga|web\s+series|miniseries|limited\s+series))\b",
        1.3,
    ),
    _clue(
        rf"\b(?:[Tt]he|[Tt]hat|new|upcoming|[Nn]ext|live-action|animated|[Aa]n?)\s+(?P<t>{_RUN})\s+(?:movie|film|series|show|sequel|prequel|spin-?off|reboot|remake|game)\b",
        0.9,
    ),
    _clue(rf"\bjoin(?:s|ed|ing)?\s+(?:the\s+)?(?:cast\s+of\s+)?(?P<t>{_RUN})", 0.9),
    _clue(rf"^(?P<t>{_RUN})\s+(?:is|was|ist|war|est|es|è|jest)\b", 0.6),
    _clue(
        rf"\b(?:know(?:s|n)?\s+about|cast\s+of(?:\s+\w+){{0,2}}?|pilot|spoilers\s+for|character\s+of)\s+(?P<t>{_RUN})",
        1.5,
        certain=True,
    ),
    _clue(rf"^(?P<t>{_RUN})\s*(?:\(|–|—|:)", 0.9, label=True),
    _clue(rf"^(?P<t>[{_UPPER}][^:–—.,!?|\"“”„«»\n]{{2,40}}):\s", 1.2, label=True),
    _clue(rf"\b(?:c['’]est|is|ist|es|è|jest)\s+(?P<t>{_RUN})(?=[.,]|$)", 0.8),
)
# Names that are brought up for comparison.
_ELSEWHERE_BEFORE: Final = Pattern(
    r"(?:creators?\s+of|(?:star|stars|actor|actress|author|director|writer|showrunner|producers?|from\s+the\s+makers?|team|studio|minds?|creator|fame)\s+(?:of|behind)|known\s+for|seen\s+in|"
    r"starred\s+in|appeared\s+in|stars?\s+in|spin-?off\s+(?:of|from|to)|prequel\s+to|sequel\s+to|(?:fortsetzung|ableger|vorgeschichte|macher\w*|regisseur\w*)\s+(?:von|der|des|zu)|(?:suite|préquelle)\s+d[eu]|(?:secuela|precuela|continuación)\s+de(?:l)?|(?:seguito|sequel|prequel)\s+di|(?:sequência|continuação)\s+de|kontynuacj\w+|follow-?up\s+to|successor\s+to|response\s+to|answer\s+to|rival\s+to|based\s+on|adapted\s+from|remake\s+of|reboot\s+of|faces?|facing|(?:new|upcoming)\s+(?:novel|book|memoir|album|play),?|inspired\s+by|previously\s+(?:created|wrote|directed)|such\s+as|"
    r"featurette,?|episode,?|tagline|slogan|motto|phrase|words|songs?|single|track|theme|album|caption|hashtag|conf[eé]rence|convention|panel|including|reminiscent\s+of|similar\s+to|universe\s+of|the\s+original|last\s+film,|best\s+known\s+for|(?:previously|formerly|originally)\s+(?:titled|called|known\s+as|named)|working\s+title|worked\s+on|(?:conclusion|wake|heels)\s+of|vue?\s+dans|bekannt\s+aus|zuletzt\s+(?:(?:\w+\s+)?mit|im\s+\w+|in(?:\s+\w+)?)|conocid[ao]\s+por|vist[ao]\s+in|z\s+serialu|who\s+played|whose\s+play|"
    r"meets|played\s+in|cast\s+(?:in|as)(?:\s+the)?(?:\s+\w+\s+season\s+of)?|(?:making|success)\s+of|roles?\s+(?:in|on)|turns?\s+(?:in|on)|departing|leaving|also\s+on\s+the\s+network,|predecessor,?|(?:last|previous|next|other|earlier|first|latest)\s+(?:film|series|project|movie|game|book|novel|show|effort|feature|picture)s?,?|\b(?:his|her|their)\s+(?:\w+\s+)?(?:film|movie|series|show)|\ba\s+(?:sequel|prequel|follow-up|spin-?off|companion),|(?:reruns|repeats)\s+of|alongside|after|since|follow|like|(?<!out\s)(?<!away\s)from)\s*(?:the\s+(?:(?:19|20)\d\d\s+)?(?:[A-Z]\w+\s+)?|(?:19|20)\d\d['’]s\s+|(?:Netflix|HBO|Hulu|Apple|Amazon|Disney)['’]s\s+)?(?:(?:hit|series|show|film|movie|novel|book|beloved|famed|original|acclaimed)\s+)*[“\"'‘«„*_]?\s?$",
    re.IGNORECASE,
)
# `Another film that was delayed is ...`, `what was then called ...`.
_ANOTHER: Final = Pattern(
    r"(?:\b(?:another|a\s+second|a\s+third|a\s+further|un\s+autre|une\s+autre|otr[oa]|outr[oa]|un\s+altro|un['’]altra|ein(?:e)?\s+weitere[rs]?|kolejny|inny)\s+(?:\w+\s+)?(?:film|movie|series|show|title|game|filme|película|serie|série|título|titel|serial)\b[^.;,]{0,40}|"
    r"\b(?:competing\s+with|up\s+against|against|opposite)\s+(?:[\w+’']+\s+){0,3}|\b(?:then|once|first|was)\s+(?:called|known\s+as|titled)\s+)[“\"'‘«„*_]?\s?$",
    re.IGNORECASE,
)
ELSEWHERE_AFTER: Final = Pattern(
    r"[”\"'’»“*_]?\s?(?:['’]s\s+)?(?:star|stars|alum|actor|actress|author|creator|spin-?off|sequel|prequel|universe|franchise|director|writer|showrunner|veteran|fame|breakout|-Ableger|-Spin-?off|-Fortsetzung|-Prequel|-Macher|-Regisseur|-Nachfolger|-Star|-Schauspieler|producer|helmer|alumni|(?:story\s+)?arc\b|(?:holiday\s+)?(?:event|line-?up|slate|block|banner|campaign|programming|premiere)\b|and\s+[“‘\"'])\b",
)
SPEECH_AFTER: Final = Pattern(
    r"[”\"’»“]\s*,\s*(?:ha|aveva|a|avait|había|hatte|havia|tinha)\s+\w+|[”\"’»“]\s*,?\s*(?:\w+\s+){0,3}(?:said|says|began|teased|shared|continued|joked|quipped|noted|reads|tweeted|admitted|recalled|commented|added|wrote|told|explained|sagte|erklärte|a\s+déclaré|dijo|ha\s+detto|disse|powiedział)\b",
    re.IGNORECASE,
)
# What somebody says in a headline: `Salt Road star: “See it on the biggest screen”`.
SPEECH_COLON: Final = Pattern(r"\w:\s*$")
SPEECH_BEFORE: Final = Pattern(
    r"\b(?:adding|added|said|says|saying|teased|joked|noted|replied|wrote)(?:\s+\w+)?,\s*$", re.IGNORECASE
)
# A new work of somebody is no comparison: `a vision from Salt Road, the latest film`.
NEW_WORK: Final = Pattern(
    rf"[”\"’»*_]?,\s+(?:the|an?|his|her|their|its)\s+(?:latest|newest|new|upcoming|next|forthcoming)\s+(?:[\w-]+\s+){{0,3}}{_WORKS}\b"
)
# `Apple's Ana Rhys movie`: somebody's, whose name follows.
OWN_MOVIE: Final = Pattern(r"\s+(?:movie|film|project|vehicle|starrer|picture)\b")
PERSON_BEFORE: Final = Pattern(
    r"\b(?:starring|stars|star|directed\s+by|created\s+by|written\s+by|produced\s+by|played\s+by|by|actor|actress|actors|director|filmmaker|creator|showrunner|producer|author|writer|novelist|comedian|featuring|"
    r"with|opposite|alongside|detective|Detective|Inspector|Dr\.?|Mr\.?|Mrs\.?|Ms\.?|CEO|chief|newcomer|host|von|mit|avec|con|de|di|z|reżyserka?|Regisseurin?|réalisateur|réalisatrice|director[ae]?|fans\s+of)\s+$"
)
STARTS_OTHER: Final = Pattern(
    rf"(?:{any_of(MONTH_OF)}|{any_of(WEEKDAY_OF)}|{any_of(SEASON_WORD)}|theat|cinema|(?:19|20)\d\d|\d|Netflix|Hulu|Prime|Amazon|Disney|HBO|Max\b|Apple|Paramount|Peacock|Sky|BBC|ITV|"
    r"JioHotstar|Hotstar|ZEE5|Sony|AMC|Starz|Showtime|NBC|CBS|ABC|Fox|FX|Crunchyroll|OTT|Rai|ARD|ZDF|RTL|Canal|TF1|Globo|Instagram|Twitter|Thanksgiving|Christmas|Valentine|Halloween|Easter|Memorial\s+Day|Labor\s+Day|New\s+Year|Los\s+Angeles|Gamescom|Comic-Con|Cannes|SXSW|Sundance|TIFF|CinemaCon|Nintendo|PlayStation|PS\d|Xbox|PC\b|Switch\b|Steam\b)",
    re.IGNORECASE,
)
# Names of people and places in the story, and of those who make it.
# Who does something to a work that is named behind: `Pear Orchard has given Salt Road an ending`.
ACTS: Final = Pattern(
    rf"\s+(?:has|have|had)\s+(?:\w+ly\s+|now\s+|just\s+)?(?:given|handed|renewed|ordered|cancel(?:l)?ed|acquired|bought|set|dated|scheduled|slotted|unveiled|revealed|"
    rf"announced|confirmed|moved|pushed|delayed|released|published|shipped|shared|greenlit)\s+(?:the\s+|a\s+|its\s+|new\s+)*[“\"‘«*_]?[{_UPPER}]"
)
PLACE_BEFORE: Final = Pattern(
    r"\b(?:land|town|city|village|world|place|planet|island|man|woman|girl|boy|teen|teenager|kid|person|character|figure|detective|agent|company|school|group|gang|team|band|agency|kingdom|family|dog|house|hotel|ship)"
    r"\s+(?:called|named|known\s+as)\s+$"
)
NOT_TITLES: Final = frozenset(
    words(
        "the a an it its he she they we you i this that these those there here all both each new season "
        "series show film movie episode episodes part chapter volume when where what who how why read watch "
        "more also and but or if in on at for from with after before while as once since until today tomorrow "
        "tonight yesterday official exclusive breaking update updated published trailer teaser cast plot "
        "synopsis streaming release date premiere title platform fans created directed written starring based "
        "according however meanwhile elsewhere good great now next last first second third looking set get "
        "der die das ein eine es er sie neue neuer neues staffel serie film alle am ab im le la les un une "
        "des el los las una lo il gli i o os as uma um w na po serial sezon drugi pierwszy trzeci data tv uk "
        "us usa hbo bbc ott imax dvd blu-ray emmy emmys oscar oscars golden globe globes mr mrs dr amazon "
        "apple disney warner universal sony paramount lionsgate a24 neon marvel lucasfilm pixar dreamworks "
        "blumhouse hollywood bollywood london paris los angeles new york america american british korean "
        "japanese german french spanish italian indian telugu tamil hindi malayalam kannada english instagram "
        "twitter x facebook youtube variety deadline christmas halloween thanksgiving ceo et pt est pst pm am "
        "although though despite because here's there's it's that's let's their his her our its one two three some "
        "many most another every following currently recently previously earlier later unfortunately finally initially "
        "originally plus given joining rounding speaking additionally announced currently indeed perhaps maybe well still "
        "yet just then now even only also nearly almost about over under so thus hence instead skip see click here "
        "thriller thrillers thrillera drama dramas krimi serien comedy comedies sitcom "
        "aucun aucune cette cet ce ces son sa ses leur leurs après avant pour dans avec mais quand voici selon depuis "
        "esta este estos estas su sus tras según cuando ya así también pero además hoy nach noch erst auch nun jetzt wann "
        "wie wer was hier doch seit schon fans questa questo dopo quando ecco anche secondo após já além também confira "
        "veja seu sua seus suas kiedy jak już nowy nowa nowe to zobacz "
        "photo foto image images bild credit video vidéo source quelle fuente fonte crédit pictured "
        "ensuite enfin d'abord puis infatti inoltre quindi poi luego después finalmente zudem außerdem danach dann dodatkowo ponadto both "
        "no yes save tune wishlist join nel nella dal dall nei episode will more right delayed cancelled canceled renewed confirmed report rumor rumour interview further sankranti pongal diwali eid holi dussehra onam ugadi navratri norwegian swedish danish finnish icelandic irish scottish welsh australian canadian mexican chinese turkish polish russian brazilian argentine"
    )
)
PRESS: Final = Pattern(
    r"(?:(?:The\s+)?(?:Hollywood\s+Reporter|Entertainment\s+Weekly|Vanity\s+Fair|Rolling\s+Stone|New\s+York\s+Times|Los\s+Angeles\s+Times|Radio\s+Times|Guardian|Wrap|Telegraph)|TVLine|TheWrap|IndieWire|Collider|IGN|Polygon|Kotaku|Eurogamer|Famitsu|GamesRadar\+?|Game\s+Informer|Digital\s+Spy|Screen\s?Rant|CinemaBlend|ComicBook(?:\.com)?|Gizmodo|Nerdist|Variety|Deadline|USA\s+Today|Total\s+Film|The\s+Verge|DWDL|Serienjunkies|Filmstarts|AlloCiné|Le\s+Parisien|El\s+País)"
)
NOT_NAMES: Final = Pattern(
    r"Studio\s\w+|(?:North|South|Latin)\sAmerican?|(?:\w+\s+)*(?:Pictures|Interactive|Software|Classics|Features|Animation|Publishing|Studios?|Entertainment|Productions?|Television|Festival|Awards?|Press|Films?|Bros\.?|Network|Games|Media|Originals?|Mediathek|Fest|Globes?|Company|Group|Inc\.?|Channel|Prize|Office|Video|Music|Reporter|Times)"
    r"|Seasons?\s.*|Part\s\w+|Staffel\s.*|Series\s\d+|(?:Fall|Spring|Summer|Winter|Midseason|Black\sFriday|New)\s+(?:TV|Movies?|Streaming|Releases|Shows)(?:\s.*)?|Black\sFriday|Cyber\sMonday|PlayStation.*|PS\d|Switch(?:\s2)?|Xbox.*|Nintendo.*|Warner\s.*|Critics\s.*|Rotten\s.*|Los\s.*|New\sYork.*|San\s.*|United\s.*|Summer\sGame.*|(?:TV|Film|Movie|Breaking|Streaming|Series)\s+News|Report|Exclusive|(?:The\s)?[\w-]+-(?:[Ee]pisode|[Pp]art|[Hh]our|[Ss]eason)s?|[A-Z]{2,3}|(?:Jury|Golden|Primetime)\s.*|Television.*|Festival\s.*|Episodes?\s.*|Emmy\s.*|(?:BBC|HBO|ITV|FX|NBC|CBS)\s?\w?|(?:From\s)?\S*\.(?:com|net|org|co|fr|de|it|es|pl|br)|Windows.*|Steam.*|Palme\sd['’]Or|Early\sAccess|Opening\sNight\sLive|State\sof\sPlay|iOS|Android|"
    r"(?:\w+\s+)*(?:Releasing|Distribution|Filmverleih|Verleih)|\w+['’](?:ve|re|ll|m|d|t)|(?:Dirett|Scritt|Dirigid|Réalisé|Directed|Written|Created|Starring|Based)\w*\s.*|(?:Das|Der|Die|Le|La|L['’]|El|Il|O|A|The)\s?(?:Drama|Film|Serie|Komödie|Thriller|Krimi)\s.*|(?:La|Le|L['’]|El|Il|A|O|The|Die|Der)\s?(?:uscita|sortie|estreno|estreia|[Pp]remiere|arrivée|arrivo|Start)(?:\s.*)?",
)
_NUMBERED: Final = (
    rf"(?:TV\s+)?(?:Anime\s+)?\d(?:st|nd|rd|th)|(?:(?:TV\s+)?Anime\s+)?(?:\d(?:st|nd|rd|th)|(?i:{any_of(ORDINALS)}))\s+(?i:{_SEASON})|"
    rf"(?i:{_SEASON})\s*(?:\d+|{any_of(ORDINALS)}|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)|S\d{{1,2}}"
)
# Quotation marks hold the name and at most its season: “The First” keeps its last word.
SEASON_TAIL: Final = Pattern(rf"(?:[\s,:–—-]+(?:{_NUMBERED}|(?<!:\s)Part\s(?:\d|One|Two|Three)))+$")
TAIL: Final = Pattern(
    rf"(?:[\s,:–—-]+(?:{_NUMBERED}|(?i:{_SEASON})|TV|OTT.*|Release.*|Premiere.*|Trailer.*|Sets|Gets|Teaser.*|Official.*|First|Review|(?<!:\s)Part\s(?:\d|One|Two|Three)))+$"
)
OWNER: Final = Pattern(r"^(?P<owner>[\w&+.]+(?:\s[\w&+.]+){0,2})['’]s?\s+(?=[\w‘“\"'])")
# Who made it: `Ana Rhys's Salt Road`, but not `The Warden's Daughter`.
_PERSON: Final = (
    rf"(?!(?:{_NO_FORENAME}|Le|La|Les|El|Los|Il|Der|Die|Das|O)\s)[{_UPPER}][\w.-]{{1,40}}\s[{_UPPER}][\w-]{{1,40}}"
)
MAKER: Final = Pattern(rf"^{_PERSON}(?:\s+(?:and|&)\s+{_PERSON}){{0,3}}['’]s?\s+(?=[{_UPPER}0-9])")
STUDIOS: Final = frozenset(
    [
        *words(
            "marvel dc disney pixar universal sony lionsgate a24 neon lucasfilm blumhouse warner paramount "
            "dreamworks amazon apple searchlight mgm universal orion illumination legendary toho blumhouse ubisoft nintendo sega capcom konami bethesda activision blizzard rockstar ea"
        ),
        "focus features",
        "sony pictures",
        "warner bros.",
        "warner bros",
        "paramount pictures",
        "universal pictures",
        "bleecker street",
        "magnolia",
        "ifc films",
        "20th century",
        "20th century studios",
        "walt disney",
        "square enix",
        "bandai namco",
        "electronic arts",
        "marvel studios",
    ]
)
# Where a name goes over into what is said of it: `Salt Road on Hulu`, `Salt Road for a second season`.
CUT: Final = Pattern(
    r"(?:\s+(?:for|on|in|at|to|from|by|with|auf|bei|im|am|sur|en|le|el|il|em|na|w|su)\s+(?=(?:the\s+)?(?P<next>.+)))|"
    r"\s+(?:for|to)\s+(?:a|an|its|the)\s+(?:\d|\w+\s+(?:\w+\s+)?(?i:season)|second|third|fourth|fifth|sixth|final)\b"
)
# The same in a headline, whose verbs have capitals; elsewhere a word with one is a part of the name: `Common Side Kicks`.
CUT_HEADLINE: Final = Pattern(
    r"\s+(?:Not|Isn’t|Won’t|Has|Have|Is|Are|Was|Will|Gets?|Sets?|Renewed|Returns?|Premieres?|Debuts?|Lands|Scores|Drops|Arrives|Arriving|Unveils|Reveals|Announces|Trailer|Teaser|Delayed|Cancelled|Canceled|Confirmed|Coming|Release|OTT|Streaming|Premiere|"
    r"To\s+(?:Premiere|Stream|Debut|Return|Release|Launch|Be|Hit)|Moves|Moved|Pushed|Opens|Kicks|Starring|Ends|Movie\s+Review|Review|Everything|Cast|Plot)\b"
)
CAST: Final = Pattern(
    rf"\b(?:starring|[Ss]tars?|featuring|alongside|played\s+by|directed\s+by|created\s+by|written\s+by|produced\s+by|opposite|cast\s+(?:includes|members\s+include)|by|include)\s+"
    rf"(?P<names>{_RUN}(?:\s\([^)]*\))?(?:,\s+(?:and\s+)?{_RUN}(?!\s+(?:[{_UPPER}]|stars?\b|follows\b|is\b|tells\b|will\b))(?:\s\([^)]*\))?)*(?:,?\s+(?:and|&)\s+{_RUN})?)"
)


# A name in marks that is joined to the next: `the team behind “Salt Road” and “Dead Air”`.
_JOINED_BEFORE: Final = Pattern(
    r"[“\"‘«„*_][^“”\"‘«»„*_\n]{1,60}[,.]?[”\"’»“*_]\s*(?:\([^()]{0,40}\)\s*)?(?:,\s*(?:and|or|&)?|and|or|&|und|et|y|e|i)\s*[“\"‘«„*_]?\s?$"
)
# `The first images from Salt Road` are of it.
_SHOWN: Final = Pattern(
    r"\b(?:images?|photos?|pictures|stills?|footage|scenes?|clips?|trailer|teaser|poster|look|moments?|art|screenshots)\s+(?:from|at|of|for)\s+[“\"'‘«„*_]?$",
    re.IGNORECASE,
)
_MOST_JOINED: Final = 4
# How far before a name its sentence is looked at.
LOOK_BACK: Final = 120


def is_elsewhere(text: str, start: int) -> bool:
    """Tell whether the name at `start` of a sentence is brought up for comparison: `from the creator of ...`."""
    before = text[max(0, start - LOOK_BACK) : start]
    if _SHOWN.search(before):
        return False
    for _ in range(_MOST_JOINED):
        if _ELSEWHERE_BEFORE.search(before) or _ANOTHER.search(before):
            return True
        joined = _JOINED_BEFORE.search(before)
        if not joined:
            return False
        before = before[: joined.start()]
    return False


def quoted_names(text: str) -> list[tuple[int, int]]:
    """Return where names stand in quotes, in a title's capitals: their words say nothing of the dates beside them."""
    return [found.span() for pattern in PAIRS for found in pattern.finditer(text) if _is_titled(found[1])]


def _is_titled(name: str) -> bool:
    """Tell whether each word of a name has a capital, or is a short one; counted, as a pattern could take very long."""
    return all(word[0].isupper() or word[0].isdecimal() or len(word.rstrip(",.!?")) <= 3 for word in name.split())
