"""The dependencies of handlers, injected by name and without Litestar's validation, which ours do not need."""

from typing import TypeAlias, TypeVar

from litestar.di import NamedDependency
from litestar.params import SkipValidation

T = TypeVar("T")

Dependency: TypeAlias = NamedDependency[SkipValidation[T]]
