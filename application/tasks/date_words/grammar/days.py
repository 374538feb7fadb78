from application.tasks.date_words.grammar.calendar import (
    Day,
    coming_of_month,
    weekday_and_day,
    weekday_from,
)
from application.tasks.date_words.grammar.day_meanings import (
    ago,
    ahead,
    counted,
    counted_from,
    day_of_month,
    end_of_month,
    first_of,
    in_days,
    in_weekends,
    last_of,
    last_weekday,
    month,
    next_month,
    next_weekday,
    on,
    place_in,
    place_of_month,
    week_on,
    weekday_in,
    weekday_of_week,
    weekday_on,
)
from application.tasks.date_words.grammar.patterns import Table, word_slot
from application.tasks.date_words.grammar.slots import SLOTS
from application.tasks.date_words.grammar.vocabulary import UNITS

_ENDS_OF_DAY = Table(
    {},
    ("[the] end of [the] day", lambda _: "end"),
    ("[the] close of business|play", lambda _: "end"),
    ("eod", lambda _: "end"),
)
_SLOTS = {
    **SLOTS,
    "end of day": _ENDS_OF_DAY.as_slot(),
    "a week": word_slot({"week": "week", "fortnight": "fortnight"}),
    "week": word_slot({word: unit for word, unit in UNITS.items() if unit in ("week", "fortnight") and len(word) > 1}),
    "unit's": word_slot({f"{unit}'s": unit for unit in ("day", "week", "fortnight", "month", "year")}),
}
_DATES = Table(
    _SLOTS,
    ("{iso}", lambda _, day: Day(day)),
    ("{slashed}", lambda _, day: day),
    ("{dotted}", lambda _, day: day),
    ("{day of year} [,] [{year}]", on),
    ("{weekday} [,] {day of year} [,] [{year}]", weekday_on),
    ("[the] {nth} [of the month]", coming_of_month),
    ("on|by the {digits}", coming_of_month),
    ("{weekday} [,] the {nth}", weekday_and_day),
    ("{weekday} [,] {numeral nth}", weekday_and_day),
    ("[in|this] {month}", month),
    ("[in] {month} {year}", month),
    ("next {month}", next_month),
    ("[the] end of {month} [{year}]", end_of_month),
    ("[the] last day of {month} [{year}]", end_of_month),
    ("[the] {place} {weekday} of|in {month} [{year}]", place_in),
)

_RELATIVE = Table(
    _SLOTS,
    ("today", in_days(0)),
    ("tonight", in_days(0, "night")),
    ("this {part}", lambda context, part: Day(context.today, part=part)),
    ("later|sometime today", in_days(0)),
    ("later tonight", in_days(0, "night")),
    ("tomorrow", in_days(1)),
    ("sometime tomorrow", in_days(1)),
    ("today {a week}", lambda context, week: counted(context, 1, week)),
    ("tomorrow {a week}", lambda context, week: counted_from(context, 1, week, in_days(1)(context))),
    ("{weekday} {a week}", lambda context, weekday, week: week_on(context, week, weekday)),
    ("a|one {a week} [on] {weekday}", week_on),
    ("{count} {week} today", counted),
    ("{count} {week} tomorrow", lambda context, count, week: counted_from(context, count, week, in_days(1)(context))),
    ("[the] day after tomorrow", in_days(2)),
    ("{weekday}", ahead),
    ("this|coming {weekday}", lambda context, weekday: Day(weekday_from(context.today, weekday))),
    ("next {weekday}", next_weekday),
    ("{weekday} [of] this week", lambda context, weekday: weekday_of_week(context, 0, weekday)),
    ("next week [on] {weekday}", lambda context, weekday: weekday_of_week(context, 1, weekday)),
    ("{weekday} [of|in] next week", lambda context, weekday: weekday_of_week(context, 1, weekday)),
    ("in {count} {unit} on {weekday}", weekday_in),
    ("{weekday} in {count} {unit}", lambda context, weekday, count, unit: weekday_in(context, count, unit, weekday)),
    ("next month on [the] {nth}", day_of_month(1)),
    ("[the] {nth} of next month", day_of_month(1)),
    ("[the] {place} {weekday} of [the|this] month", place_of_month(0, 1, 2)),
    ("[the] {place} {weekday} of next month", place_of_month(1)),
    ("[the] week after next", lambda context: first_of(2)(context, "week")),
    ("next {unit}", first_of(1)),
    ("[the] beginning|start of next {unit}", first_of(1)),
    ("[the] first day of next {unit}", first_of(1)),
    ("[the] first day of the month", lambda context: coming_of_month(context, 1)),
    ("[the] end of [the] {unit}", last_of(0)),
    ("[the] end of this {unit}", last_of(0)),
    ("[the] end of next {unit}", last_of(1)),
    ("[the] last day of [the] {unit}", last_of(0)),
    ("[the] last day of this {unit}", last_of(0)),
    ("[the] last day of next {unit}", last_of(1)),
    ("{end of day}", lambda context, _: in_days(0)(context)),
    ("by|before cob|eob", in_days(0)),
    ("[at] dinnertime", in_days(0)),
    ("eow", lambda context: last_of(0)(context, "week")),
    ("eom", lambda context: last_of(0)(context, "month")),
    ("eoy", lambda context: last_of(0)(context, "year")),
    ("[at|on|over] [the|this] weekend", in_weekends(0)),
    ("next weekend", in_weekends(1)),
    ("in|within {count} {unit}", counted),
    ("in|within {count} {unit} ['] time", counted),
    ("in|within {count} {unit's} time", counted),
    ("in a couple of {unit}", lambda context, unit: counted(context, 2, unit)),
    ("{count} {unit} from now|today", counted),
)
_SLOTS |= {"relative": _RELATIVE.as_slot(), "date": _DATES.as_slot()}
_NAMED = Table(_SLOTS, ("{relative}", lambda _, day: day), ("{date}", lambda _, day: day))
_SLOTS["day"] = _NAMED.as_slot()

_TAILS = Table(
    _SLOTS,
    ("[at] {end of day}", lambda _, end: end),
    ("cob|eob", lambda _: "end"),
    ("[at] dinnertime", lambda _: "dinnertime"),
    ("[at the] latest", lambda _: "latest"),
)
_SLOTS["tail"] = _TAILS.as_slot()

DAYS = Table(
    _SLOTS,
    ("{day} [{tail}]", lambda _, day, __: day),
    ("[{count}] {unit} from|after {day}", counted_from),
    ("{count} {unit} before {day}", lambda context, count, unit, day: counted_from(context, -count, unit, day)),
    ("{end of day} [on] {day}", lambda _, __, day: day),
    ("cob|eob [on] {day}", lambda _, day: day),
)
ASKED_DAYS = Table(
    _SLOTS,
    ("the {digits}", coming_of_month),
    ("yesterday", in_days(-1)),
    ("[the] day before yesterday", in_days(-2)),
    ("last {weekday}", last_weekday),
    ("last {unit}", first_of(-1)),
    ("this {unit}", first_of(0)),
    ("[the] beginning|start of [the|this] {unit}", first_of(0)),
    ("[the] end of last {unit}", last_of(-1)),
    ("{count} {unit} ago", ago),
)
"""Read only where a day is asked for, as in a filter: in a title, "photos of last friday" is no day to do it, and "the
10" may be a bus."""
