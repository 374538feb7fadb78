from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.tasks.ordering.sibling_keys import FIRST_KEY, MAX_KEY_LENGTH, NoRoom, at_end, between, rekeyed


class Siblings:
    """Rows as a server keeps them: a name and a key each. Moves write the one row, or all where no key fits."""

    def __init__(self, count: int) -> None:
        self.keys = dict(zip(range(count), rekeyed(count), strict=True))
        self.order = list(range(count))
        self.rekeyings = 0

    def move(self, name: int, place: int) -> None:
        """Takes `name` out, and puts it before what stands at `place` then."""
        self.order.remove(name)
        self.keys.pop(name, None)
        place = min(place, len(self.order))
        self.order.insert(place, name)
        before = self.keys[self.order[place - 1]] if place else None
        after = self.keys[self.order[place + 1]] if place + 1 < len(self.order) else None
        try:
            self.keys[name] = between(before, after)
        except NoRoom:
            self.keys = dict(zip(self.order, rekeyed(len(self.order)), strict=True))
            self.rekeyings += 1

    def add(self, place: int) -> None:
        self.order.append(len(self.order))
        self.move(self.order[-1], place)

    def check(self) -> None:
        by_bytes = sorted(self.order, key=lambda name: self.keys[name].encode())
        assert by_bytes == self.order
        assert len(set(self.keys.values())) == len(self.order)
        assert max(map(len, self.keys.values())) <= MAX_KEY_LENGTH


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        (None, None, FIRST_KEY),
        ("a0", None, "a1"),
        ("a9", None, "aA"),
        ("az", None, "b00"),
        ("bzz", None, "c000"),
        (None, "a0", "Zz"),
        (None, "Z0", "Yzz"),
        ("a0", "a2", "a1"),
        ("a0", "a1", "a0V"),
        ("a0", "a0V", "a0F"),
        ("a0V", "a1", "a0k"),
        ("a0", "a01", "a00V"),
        ("a0z", "a1", "a0zV"),
        ("Zz", "a0", "ZzV"),
        ("Zz", "a1", "a0"),
        ("a1V", None, "a2"),
        (None, "a0V", "a0"),
        ("z" * 27, None, "z" * 27 + "V"),
        (None, "A" + "0" * 25 + "1", "A" + "0" * 26),
    ],
)
def test_a_key_lies_between_its_neighbours(before: str | None, after: str | None, key: str) -> None:
    assert between(before, after) == key


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a0", "a0"),
        ("a1", "a0"),
        (None, "A" + "0" * 26),
        ("a0" + "0" * 57 + "1", "a0" + "0" * 57 + "2"),
        ("z" * MAX_KEY_LENGTH, None),
    ],
)
def test_where_no_key_fits_the_siblings_are_rekeyed(before: str | None, after: str | None) -> None:
    with pytest.raises(NoRoom):
        between(before, after)


def test_new_ones_come_last_with_short_keys() -> None:
    keys = at_end("a0V", 10_000)
    assert all(before < after for before, after in pairwise(["a0V", *keys]))
    assert max(map(len, keys)) == 4
    assert at_end(None, 3) == rekeyed(3) == ["a0", "a1", "a2"]
    assert at_end("a0", 0) == rekeyed(0) == []


@settings(max_examples=60)
@given(st.integers(1, 12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 12)), max_size=120))
def test_any_moves_leave_the_order_that_was_asked_for(count: int, moves: list[tuple[int, int]]) -> None:
    siblings = Siblings(count)
    for name, place in moves:
        siblings.move(name % count, place)
        siblings.check()


@pytest.mark.parametrize(("place", "rekeyings"), [(0, 0), (1, 3), (2, 3), (10_000, 0)])
def test_a_thousand_at_the_same_place_are_in_order(place: int, rekeyings: int) -> None:
    siblings = Siblings(3)
    for _ in range(1_000):
        siblings.add(place)
    siblings.check()
    assert siblings.rekeyings == rekeyings


@pytest.mark.parametrize("place", [1, 2])
def test_a_few_hundred_fit_at_one_place_before_all_are_rekeyed(place: int) -> None:
    siblings = Siblings(3)
    for _ in range(200):
        siblings.add(place)
    assert siblings.rekeyings == 0


def test_two_clients_that_fight_for_one_place_end_in_one_order() -> None:
    siblings = Siblings(6)
    for _ in range(500):
        for name in (2, 3):
            siblings.move(name, 1)
            siblings.check()
    assert 1 <= siblings.rekeyings <= 4


def test_two_clients_that_move_past_each_other_end_in_one_order() -> None:
    siblings = Siblings(6)
    for _ in range(500):
        for name, other in ((2, 3), (3, 2)):
            siblings.move(name, siblings.order.index(other))
            siblings.check()
    assert 1 <= siblings.rekeyings <= 4


def test_the_gap_with_the_longest_key_each_time_still_ends_in_one_order() -> None:
    siblings = Siblings(4)
    for _ in range(300):
        keys = [siblings.keys[name] for name in siblings.order]
        siblings.add(max(range(1, len(keys)), key=lambda place: _length_of_key_at(keys, place)))
    siblings.check()
    assert 1 <= siblings.rekeyings <= 6


def _length_of_key_at(keys: list[str], place: int) -> int:
    try:
        return len(between(keys[place - 1], keys[place]))
    except NoRoom:
        return MAX_KEY_LENGTH + 1
