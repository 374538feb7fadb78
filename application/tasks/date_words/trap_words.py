"""Words that show, next to a date word, that it is not a date."""

from collections import defaultdict
from collections.abc import Mapping

from application.tasks.date_words.grammar.tokens import QUOTED
from application.tasks.date_words.grammar.vocabulary import WEEKDAYS

_SIGNS = ", . ; : ! ? ( ) - – —"
_LINKS = f"on in for with about and or by at if when because so then but re via {_SIGNS}"
_DETERMINERS = """
the a an my our your his her its their that these those whose some any every each no not all both last past previous mid
"""
_PREPOSITIONS = "of from until till since after about than between versus vs like during over under into without"
WORDS_BEFORE_CONTENT = frozenset((_DETERMINERS + _PREPOSITIONS).split())
"""Before a day, these make it a part of what is said: the friday report, news of today."""

_DAYS_NEXT = "today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday"
AFTER_AN_HOUR = frozenset(f"{_LINKS} to from every each this next before until till {_DAYS_NEXT} {QUOTED}".split())
"""Words that may follow "at 9". Any other word is something that there are nine of."""
AFTER_A_COUNT = frozenset(f"{_LINKS} {QUOTED}".split())
"""Words that may follow "the 3rd". Any other word is the third of its kind."""

_VERBS = "be have not need also come go only take still want change fail"
AFTER_THE_VERB_MAY = frozenset(_VERBS.split())
_THINGS = """
version versions v ver release releases build chapter section part step page room floor figure table level appendix
verse line issue lesson unit season episode volume size model grade phase python node java ruby php rust go django
rails react kernel linux ubuntu debian fedora android ios macos windows postgres postgresql mysql redis kubernetes
win wins won place came finished score scored rated only is = ~ > < +
"""
NUMBERED_THINGS = frozenset(_THINGS.split())

DAY_WORDS = frozenset({"today", "tonight", "tomorrow", *WEEKDAYS})
HOLIDAYS = frozenset({"christmas", "boxing", "new", "nye", "valentine's", "valentines", "halloween"})
"""The words that holidays begin with."""
LIKINGS = frozenset({"hate", "love", "like", "enjoy", "dread"})
VERBS_OF_AMOUNTS = frozenset({"buy", "order", "pay", "spend", "owe", "cost", "costs", "charge", "tip"})
_VERBS_OF_A_MOMENT = """
answer apply bring complete deliver drop file finish give hand pay post register renew reply return send sign submit
"""
VERBS_OF_A_MOMENT = frozenset(_VERBS_OF_A_MOMENT.split())
"""What these say takes no time, so that "until" after them means "by"."""

_NAMES = """
black friday
good friday
casual friday
freaky friday
girl friday
man friday
friday the 13th
friday the thirteenth
cyber monday
easter monday
blue monday
giving tuesday
super tuesday
fat tuesday
shrove tuesday
taco tuesday
ruby tuesday
ash wednesday
maundy thursday
holy thursday
throwback thursday
holy saturday
small business saturday
easter sunday
palm sunday
super sunday
bloody sunday
usa today
may the 4th be
may the fourth be
24/7
7/24
"""
"""Names that have a day in them."""


def _by_first_word() -> Mapping[str, list[tuple[str, ...]]]:
    names: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for line in _NAMES.strip().splitlines():
        words = tuple(line.split())
        names[words[0]].append(words)
    return dict(names)


NAMES = _by_first_word()

_GERMAN = """
um uhr und der den dem das ein eine mit morgen heute übermorgen abend nach vor bis jeden jede montag dienstag mittwoch
donnerstag freitag samstag sonntag bitte zum zur bei für über
"""
_FRENCH = """
le la les une des du avec pour demain aujourd'hui matin soir chaque lundi mardi mercredi jeudi vendredi samedi
dimanche à au aux chez
"""
_SPANISH_PORTUGUESE_ITALIAN = """
el los las un una con para por mañana hoy cada lunes martes miércoles jueves viernes sábado domingo del al y amanhã hoje
às segunda terça quarta quinta sexta com os alle domani oggi ogni lunedì martedì mercoledì giovedì venerdì sabato
domenica il gli della di e
"""
_DUTCH_NORDIC = """
het een om uur vandaag met elke maandag dinsdag woensdag donderdag vrijdag zaterdag zondag voor kl og och med på
i'morgon imorgon imorgen hver varje mandag tirsdag onsdag torsdag fredag lørdag søndag måndag tisdag lördag söndag klo
huomenna
"""
_POLISH_CZECH_TURKISH = "jutro dzisiaj z na w zítra dnes každý yarın bugün saat ve"
OF_OTHER_LANGUAGES = frozenset(
    (_GERMAN + _FRENCH + _SPANISH_PORTUGUESE_ITALIAN + _DUTCH_NORDIC + _POLISH_CZECH_TURKISH).split()
)
"""Small words of other languages that are no English ones: beside them, 14:30 or "mar" is not read."""
