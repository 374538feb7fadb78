"""What handlers are given by name: of our own making, so not validated, as Litestar would at each request."""

from typing import TypeAlias, TypeVar

from litestar.di import NamedDependency
from litestar.params import SkipValidation

T = TypeVar("T")

Provided: TypeAlias = NamedDependency[SkipValidation[T]]
