"""The input types of use-cases of lists, views and tags. They are the bodies of HTTP requests too."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from application.tasks.filters.parser import MAX_FILTER_LENGTH
from application.tasks.inputs import Number, Tag, given_fields
from domain.tasks.named import MAX_NAME_LENGTH

Name = Annotated[
    str,
    Meta(
        description=f"1–{MAX_NAME_LENGTH} characters. No other one may have the same, however it is written.",
        examples=["Home"],
        extra_json_schema={"minLength": 1, "maxLength": MAX_NAME_LENGTH},
    ),
]
Color = Annotated[
    Literal["red", "orange", "amber", "lime", "green", "teal", "cyan", "blue", "indigo", "violet", "pink", "grey"]
    | None,
    Meta(examples=["teal"]),
]
Archived = Annotated[bool, Meta(description="Filters leave out its tasks, unless they name it.")]
Before = Annotated[Number, Meta(description="Move it before the one with this number.")]
After = Annotated[Number, Meta(description="Move it behind the one with this number.")]
FilterText = Annotated[
    str,
    Meta(
        description="Which tasks it shows, in the language of filters. It follows lists and tags that get other names.",
        examples=["(today | overdue) & #Home"],
        extra_json_schema={"minLength": 1, "maxLength": MAX_FILTER_LENGTH},
    ),
]
SortText = Annotated[
    str | None,
    Meta(description="Their order, as in `sort` of the tasks. Null is the usual one.", examples=["-priority,due"]),
]


class ListDraft(Struct, forbid_unknown_fields=True, omit_defaults=True):
    name: Name
    color: Color = None
    archived: Archived = False

    def given(self) -> dict[str, Any]:
        return {"name": self.name, "color": self.color, "archived": self.archived}


class ListChanges(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A merge patch (RFC 7396): an absent field keeps its value, and null clears the color."""

    name: Name | UnsetType = UNSET
    color: Color | UnsetType = UNSET
    archived: Archived | UnsetType = UNSET
    before_id: Before | UnsetType = UNSET
    after_id: After | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """Returns the given fields. Raises `InvalidRequest` if there are none."""
        return given_fields(self, ListChanges)


class ViewDraft(Struct, forbid_unknown_fields=True, omit_defaults=True):
    name: Name
    filter: FilterText
    sort: SortText = None

    def given(self) -> dict[str, Any]:
        return {"name": self.name, "filter": self.filter, "sort": self.sort}


class ViewChanges(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A merge patch (RFC 7396): an absent field keeps its value, and null clears `sort`."""

    name: Name | UnsetType = UNSET
    filter: FilterText | UnsetType = UNSET
    sort: SortText | UnsetType = UNSET
    before_id: Before | UnsetType = UNSET
    after_id: After | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """Returns the given fields. Raises `InvalidRequest` if there are none."""
        return given_fields(self, ViewChanges)


class TagChanges(Struct, forbid_unknown_fields=True):
    name: Annotated[Tag, Meta(description="Its new name. If there is such a tag, the two become one.")]
