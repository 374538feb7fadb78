from datetime import date, timedelta

from application.tasks.date_words.grammar.calendar import (
    Day,
    after,
    beginning,
    coming,
    day_of,
    end,
    weekday_from,
    weekday_of_month,
    weekend,
)
from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.grammar.patterns import Meaning


def plain(day: date | None) -> Day | None:
    return Day(day) if day else None


def in_days(count: int, part: str | None = None) -> Meaning:
    return lambda context: Day(context.today + timedelta(days=count), part=part)


def ahead(context: DateContext, weekday: int) -> Day:
    """Returns the next such weekday after today. On a Friday, "Friday" is in a week."""
    return Day(weekday_from(context.today + timedelta(days=1), weekday))


def week_on(context: DateContext, unit: str, weekday: int) -> Day | None:
    """Returns the meaning of "Friday week" and "a week on Friday", a week after the next Friday."""
    return counted_from(context, 1, unit, ahead(context, weekday))


def next_weekday(context: DateContext, weekday: int) -> Day:
    week = beginning(context.today, "week", context) + timedelta(weeks=1)
    return Day(weekday_from(week, weekday))


def last_weekday(context: DateContext, weekday: int) -> Day:
    return Day(weekday_from(context.today - timedelta(weeks=1), weekday))


def counted(context: DateContext, count: int, unit: str) -> Day | None:
    return plain(after(context.today, count, unit))


def counted_from(_: DateContext, count: int | None, unit: str, day: Day) -> Day | None:
    return plain(after(day.day, count or 1, unit))


def ago(context: DateContext, count: int, unit: str) -> Day | None:
    return counted(context, -count, unit)


def first_of(count: int) -> Meaning:
    def first(context: DateContext, unit: str) -> Day | None:
        return plain(after(beginning(context.today, unit, context), count, unit)) if has_first(unit) else None

    return first


def last_of(count: int) -> Meaning:
    def last(context: DateContext, unit: str) -> Day | None:
        day = after(beginning(context.today, unit, context), count, unit) if has_first(unit) else None
        return Day(end(day, unit, context)) if day else None

    return last


def has_first(unit: str) -> bool:
    return unit in ("week", "month", "year")


def weekday_of_week(context: DateContext, weeks: int, weekday: int) -> Day | None:
    week = after(beginning(context.today, "week", context), weeks, "week")
    return Day(weekday_from(week, weekday)) if week else None


def weekday_in(context: DateContext, count: int, unit: str, weekday: int) -> Day | None:
    return weekday_of_week(context, count, weekday) if unit == "week" else None


def day_of_month(count: int) -> Meaning:
    def day(context: DateContext, number: int) -> Day | None:
        month = after(beginning(context.today, "month", context), count, "month")
        return plain(month and day_of(month.year, month.month, number))

    return day


def place_of_month(*counts: int) -> Meaning:
    """Returns the meaning of phrases such as "first Monday". The months are `counts`, counted from this one. The first
    day that is not past is taken."""

    def day(context: DateContext, place: int, weekday: int) -> Day | None:
        first = beginning(context.today, "month", context)
        months = (after(first, count, "month") for count in counts)
        days = (weekday_of_month(month, place, weekday) for month in months if month)
        return next((Day(each) for each in days if each and each >= context.today), None)

    return day


def place_in(context: DateContext, place: int, weekday: int, month: int, year: int | None) -> Day | None:
    """Returns a day such as the third Monday of March. Without a year, it is the next one that is not past."""
    for each in (year,) if year else (context.today.year, context.today.year + 1):
        first = day_of(each, month, 1)
        found = first and weekday_of_month(first, place, weekday)
        if found and (year or found >= context.today):
            return Day(found)
    return None


def in_weekends(weeks: int) -> Meaning:
    """Returns the meaning of the weekend that is `weeks` after this one. It is its Saturday, or today if the weekend
    has begun."""
    return lambda context: Day(max(weekend(context) + timedelta(weeks=weeks), context.today))


def month(context: DateContext, month: int, year: int | None = None) -> Day | None:
    return plain(day_of(year, month, 1)) if year else coming(context, month, 1)


def next_month(context: DateContext, month: int) -> Day | None:
    """Returns the first day of the month. In May, "next May" is in a year; in other months, it is the coming May."""
    first = coming(context, month, 1)
    return first and Day(first.day)


def end_of_month(context: DateContext, month: int, year: int | None) -> Day | None:
    this_year = day_of(year or context.today.year, month, 1)
    last = this_year and end(this_year, "month", context)
    if last and last < context.today and not year:
        return end_of_month(context, month, context.today.year + 1)
    return plain(last)


def on(context: DateContext, day: tuple[int, int], year: int | None) -> Day | None:
    return plain(day_of(year, *day)) if year else coming(context, *day)


def weekday_on(context: DateContext, _: int, day: tuple[int, int], year: int | None) -> Day | None:
    return on(context, day, year)
