"""The dependencies of handlers, injected by name. Litestar would validate each at each request; ours need no
validation."""

from typing import TypeAlias, TypeVar

from litestar.di import NamedDependency
from litestar.params import SkipValidation

T = TypeVar("T")

Dependency: TypeAlias = NamedDependency[SkipValidation[T]]
