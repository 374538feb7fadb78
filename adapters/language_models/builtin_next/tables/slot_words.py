"""How people say priorities, tags, notes, lists and shifts inside of a sentence."""

LEVELS = """
high: highest high top urgent important p1 1 critical crucial
medium: medium normal mid middle p2 2 moderate
low: lowest low p3 3 minor
"""

PRIORITY_PHRASES = (
    r",? ?\b(?:with |at |as |of |a |an |it )*(?P<level>highest|high|top|urgent|medium|normal|mid|lowest|low)[ -](?:priority|prio)\b",
    r",? ?\b(?:with |and |the |its |more )*(?:priority|prio)(?: is| to| of| as| level| =|:)* (?P<level>highest|high|medium|normal|low|lowest|p[1-4])\b",
    r",? (?:as |very |really |super |is |be |are |it )*(?P<level>urgent|important)$",
    r"(?P<level>)(?<=\S) ?!!+$",
    r"(?P<level>)\b(?:more|some) (?:priority|prio)\b",
    r",? (?P<level>p[1-4])\b",
    r",? (?:to )?(?P<level>high|medium|low)$",
)
"""Only the last two of them need a task before them."""

TAG_PHRASES = (
    r",? (?:and )?(?:tag(?:ged)?|label(?:l?ed)?)(?: it| this| them)?(?: as| with)? #?(?P<tag>[\w-]+)$",
    r",? (?:tagged|labelled|labeled)(?: as| with)? #?(?P<tag>[\w-]+)\b",
    r",? with (?:the |a )?(?:tag|label) #?(?P<tag>[\w-]+)\b",
)

NOTE_PHRASES = (
    r"(?:,| and)? (?:with|and)(?: a| the)? (?:notes?|description|comment|details?)(?: that says| saying|:)? (?P<note>.+)$",
    r"(?:,|\.)? (?:notes?|description|details?) ?: (?P<note>.+)$",
    r" \((?:note|description): (?P<note>[^()]+)\)$",
    r" - (?P<note>[^-].{2,})$",
)

LIST_PHRASES = (
    r",? (?:and |put it )?(?:to|on|onto|in|into|under|from)(?: my| the| our)? (?P<list>[\w&'][\w&' -]{0,30}?) (?:list|project|folder)\b",
    r",? (?:and )?(?:to|on|onto|in|into|under)(?: my| the| our)? list of (?P<list>[\w' -]{1,20})$",
    r",? (?:to|on|onto|in|into|under)(?: my| the| our)? (?P<known>{known})\b(?! at\b)(?= *(?:,|$|due|by|and tag))",
)
NO_LISTS = "to-do todo to do task tasks my the your our full whole same this that current other"
"""Words before "list" that name none."""

SHIFTS = """
minutes 1: minute minutes min mins
minutes 60: hour hours hr hrs
days 1: day days
days 7: week weeks
days 14: fortnight fortnights
days 30: month months
"""
NUMBERS = "a=1 an=1 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20"
SHIFT_PHRASES = (
    r",?(?: back| forward| off)?(?: by)? (?P<number>\d{1,3}|{number}|another) (?P<unit>{unit})(?: later| back| further| forward| more)?$",
    r"^(?:a |by )?(?P<number>\d{1,3}|{number}|another) (?P<unit>{unit}) (?:later|further|more|back)$",
    r",? (?P<number>\d{1,3}|{number}) (?P<unit>{unit}) (?:earlier|sooner)(?P<earlier>)$",
    r"^(?P<number>\d{1,3}|{number}) (?P<unit>{unit}) (?:earlier|sooner)(?P<earlier>)$",
)
