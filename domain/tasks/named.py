"""What lists and views have in common: a name that is theirs alone, and a place that the user gives them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from domain.errors import Conflict
from domain.tasks.changes import Change, ChangeKind, Changes
from domain.tasks.ordering.sibling_keys import number_key
from domain.tasks.words.names import same_name_key
from domain.text import clean

MAX_NAME_LENGTH = 120

Rules = Mapping[str, Callable[[Any], Any]]
N = TypeVar("N", bound="Named")


@dataclass(slots=True, unsafe_hash=True)
class Named:
    """`order_key` is None until it is moved by hand. A user has at most `MOST` outside the trash. Instances are never
    changed."""

    KIND: ClassVar[str] = ""
    MOST: ClassVar[int] = 0
    RULES: ClassVar[Rules] = {}

    user_id: str
    name: str
    created_at: datetime
    updated_at: datetime
    id: int = 0
    order_key: str | None = None
    deleted_at: datetime | None = None
    revision: int = 0

    @classmethod
    def new(cls, user_id: str, now: datetime, values: Mapping[str, Any]) -> Self:
        """Raises `Invalid` if a value breaks its rule."""
        return cls(user_id=user_id, created_at=now, updated_at=now, **cls._cleaned(values))

    def edit(self, values: Mapping[str, Any], now: datetime) -> Changes[Self]:
        """Raises `Invalid` if a value breaks its rule."""
        after = replace(self, **self._cleaned(values))
        return [] if after == self else [Change(self, replace(after, updated_at=now))]

    def delete(self, now: datetime) -> Changes[Self]:
        return [Change(self, replace(self, deleted_at=now))]

    def restore(self, others: Mapping[str, "Named"]) -> Changes[Self]:
        """Takes it out of the trash. If another one of `others` has its name by now, it gets a number after it."""
        if self.deleted_at is None:
            return []
        return [Change(self, replace(self, name=free_name(self.name, others), deleted_at=None))]

    def place(self, order_key: str, now: datetime) -> Changes[Self]:
        return self.edit({"order_key": order_key}, now)

    def uncreate(self, now: datetime) -> Change[Self]:
        return Change(self, self if self.deleted_at else replace(self, deleted_at=now))

    def kind_since(self, before: Self) -> ChangeKind:  # noqa: ARG002
        return ChangeKind.UPDATED

    def check_name(self, others: Mapping[str, "Named"]) -> None:
        """Raises `Conflict` if another one of `others`, which are by the keys of their names, is called the same."""
        other = others.get(self.name_key)
        if other and other.id != self.id:
            raise Conflict(f"There is a {self.KIND} of that name already: {other.name}. Choose another name.")

    @property
    def name_key(self) -> str:
        return same_name_key(self.name)

    @property
    def label(self) -> str:
        return f"{self.KIND.capitalize()} {self.id}, {self.name}"

    @property
    def position(self) -> str:
        return self.order_key or number_key(self.id)

    @classmethod
    def _cleaned(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        rules = {"name": clean_name, **cls.RULES}
        return {name: rules[name](value) if name in rules else value for name, value in values.items()}


def by_name(named: Iterable[N]) -> dict[str, N]:
    return {each.name_key: each for each in named}


def free_name(name: str, others: Mapping[str, Named]) -> str:
    free, number = name, 1
    while same_name_key(free) in others:
        number += 1
        suffix = f" ({number})"
        free = name[: MAX_NAME_LENGTH - len(suffix)].rstrip() + suffix
    return free


def clean_name(value: str) -> str:
    return clean("name", value, longest=MAX_NAME_LENGTH, shortest=1)
