from typing import Annotated, Literal

from litestar.params import QueryParameter

InTrash = Annotated[
    Literal["all", "trashed"], QueryParameter(description="All outside the trash, or those in the trash.")
]
