"""How often a task comes again, and how long it takes, in words."""

import pytest

from adapters.language_models.builtin.acting.spans import rule_words, span_words


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;UNTIL=20261216", "every day until 16 December"),
        ("FREQ=WEEKLY;BYDAY=SA", "every Saturday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=MO", "every other week on Tuesday and Thursday"),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=5", "every Monday, 5 times"),
        ("FREQ=MONTHLY;INTERVAL=3", "every 3 months"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "every 1st and 15th of the month"),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "every 31st of the month"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "every last Friday of the month"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every last weekday of the month"),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", "every other month on the last day of the month"),
        ("RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3", "every 3 March"),
        ("FREQ=HOURLY", "repeats"),
    ],
)
def test_a_rule_in_words(rule: str, said: str) -> None:
    assert rule_words(rule) == said


@pytest.mark.parametrize(
    ("span", "said"), [("PT1H30M", "takes 1 hour 30 minutes"), ("PT45M", "takes 45 minutes"), ("P1D", "")]
)
def test_a_span_in_words(span: str, said: str) -> None:
    assert span_words(span) == said
