"""The words that are read, with their meanings. They are English only."""

from collections.abc import Mapping

SPELLINGS: Mapping[str, str] = {
    **dict.fromkeys(("tmrw", "tmr", "tmw", "2moro", "2morrow", "2mrw", "tomorow", "tommorow", "tommorrow"), "tomorrow"),
    **dict.fromkeys(("2nite", "2night", "tonite"), "tonight"),
    **dict.fromkeys(("wensday", "wednsday"), "wednesday"),
    "2day": "today",
    "b4": "before",
    "xmas": "christmas",
}
"""Short and wrong spellings of the words below."""

WEEKDAYS: Mapping[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "monday mon",
            "tuesday tue tues",
            "wednesday wed weds",
            "thursday thu thur thurs",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for word in words.split()
}
MONTHS: Mapping[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for word in words.split()
}
NUMBERS: Mapping[str, int] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
ORDINALS: Mapping[str, int] = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
    "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
TENS: Mapping[str, int] = {word: number for word, number in NUMBERS.items() if number in range(20, 100, 10)}
ONES: Mapping[str, int] = {word: number for word, number in NUMBERS.items() if number < 10 and len(word) > 2}
UNITS: Mapping[str, str] = {
    "day": "day", "days": "day", "d": "day",
    "week": "week", "weeks": "week", "w": "week",
    "fortnight": "fortnight", "fortnights": "fortnight",
    "month": "month", "months": "month",
    "quarter": "quarter", "quarters": "quarter",
    "year": "year", "years": "year",
}  # fmt: skip
HOURS = frozenset({"hour", "hours", "hr", "hrs", "h"})
MINUTES = frozenset({"minute", "minutes", "min", "mins", "m"})

DAY_PARTS = ("morning", "afternoon", "evening", "night")
PART_HOURS: Mapping[str, int] = {
    "morning": 9, "lunch": 12, "after lunch": 13, "afternoon": 14, "tea": 17, "evening": 19, "night": 20, "bed": 22,
}  # fmt: skip
"""When a part of the day is, where no hour is said. Tonight is the night of today."""
AFTERNOON_HOURS = range(1, 7)
"""Hours that mean the afternoon where neither am nor pm nor a part of the day is said: "at 5" is 17:00."""

ADVERBS: Mapping[str, tuple[int, str]] = {
    "daily": (1, "day"),
    "weekly": (1, "week"),
    "fortnightly": (1, "fortnight"),
    "monthly": (1, "month"),
    "quarterly": (1, "quarter"),
    "yearly": (1, "year"),
    "annually": (1, "year"),
}

MONTH_FIRST = frozenset({"en", "US", "PR", "GU", "VI", "PH", "CN", "TW", "HK", "JP", "KR", "HU", "LT"}) | {
    *("fil", "zh", "ja", "ko", "hu", "lt", "eu")
}
"""Languages and regions that write 12/24 for Christmas Eve (Unicode CLDR, `Md`)."""
_DOTTED_LANGUAGES = "de da nb nn no fi is et lv pl cs sk sl hr sr bs bg mk ro ru uk be tr az kk hy ka sq"
_DOTTED_REGIONS = "DE AT CH LI DK NO FI IS EE LV PL CZ SK SI HR RS BA BG MK RO RU UA BY TR AZ KZ AM GE AL"
DOTTED = frozenset(f"{_DOTTED_LANGUAGES} {_DOTTED_REGIONS}".split())
"""Languages and regions that write 24.12. for Christmas Eve (Unicode CLDR, `Md`)."""
_HALF_DAY_REGIONS = "US PR GU VI CA AU NZ IN PK BD LK PH MY SG HK TW KR EG SA AE JO KW QA OM MX CO ZA NG GH"
TWELVE_HOURS = frozenset(f"en ar hi bn ur fil ko {_HALF_DAY_REGIONS}".split())
"""Languages and regions whose clocks go from one to twelve (Unicode CLDR, `timeData`)."""
