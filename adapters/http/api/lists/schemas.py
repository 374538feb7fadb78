"""The schemas of lists, views and tags in responses and in the log."""

from typing import Annotated

from msgspec import Meta, Struct

from adapters.http.schemas import Time, out
from application.tasks.lists.inputs import Archived, Color
from domain.tasks.task_list import TaskList
from domain.tasks.view import View

Revision = Annotated[
    int, Meta(description="The number of its last change among all your changes; also its ETag.", examples=[7])
]
Position = Annotated[
    str, Meta(description="Its place among the others, which are compared byte by byte.", examples=["a2"])
]
Pending = Annotated[int, Meta(description="The number of its open tasks.", examples=[3])]
DeletedAt = Annotated[Time | None, Meta(description="When it was moved to the trash.")]
Sort = Annotated[str | None, Meta(description="Null is the usual order.", examples=["-priority,due"])]


class ListStateOut(Struct):
    """The state of a list, now or at an earlier time."""

    id: Annotated[int, Meta(description="The user's own number of the list: 1, 2, 3 …", examples=[2])]
    name: Annotated[str, Meta(examples=["Home"])]
    color: Color
    position: Position
    archived: Archived
    created_at: Time
    updated_at: Time
    deleted_at: DeletedAt


class ListRevisionOut(ListStateOut):
    revision: Revision


class ListOut(ListRevisionOut):
    pending: Pending


class ListsOut(Struct):
    lists: list[ListOut]


class ViewStateOut(Struct):
    """The state of a view, now or at an earlier time."""

    id: Annotated[int, Meta(description="The user's own number of the view: 1, 2, 3 …", examples=[1])]
    name: Annotated[str, Meta(examples=["At home today"])]
    filter: Annotated[
        str, Meta(description="As it is stored, with the numbers of lists.", examples=["(today | overdue) & #2"])
    ]
    sort: Sort
    position: Position
    created_at: Time
    updated_at: Time
    deleted_at: DeletedAt


class ViewRevisionOut(ViewStateOut):
    revision: Revision


class ViewOut(Struct):
    id: Annotated[int, Meta(description="The user's own number of the view: 1, 2, 3 …", examples=[1])]
    name: Annotated[str, Meta(examples=["At home today"])]
    filter: Annotated[str, Meta(description="With the present names of lists.", examples=["(today | overdue) & #Home"])]
    problem: Annotated[str | None, Meta(description="Which lists of the filter are gone, for people. Null: none.")]
    sort: Sort
    position: Position
    created_at: Time
    updated_at: Time
    deleted_at: DeletedAt
    revision: Revision


class ViewsOut(Struct):
    views: list[ViewOut]


class TagOut(Struct):
    name: Annotated[str, Meta(examples=["errand"])]
    pending: Pending


def list_out(of: TaskList) -> ListOut:
    shown: ListOut = out(of, ListOut)
    return shown


def view_out(view: View) -> ViewOut:
    return ViewOut(
        id=view.id,
        name=view.name,
        filter=view.shown_filter,
        problem=view.problem,
        sort=view.sort,
        position=view.position,
        created_at=view.created_at,
        updated_at=view.updated_at,
        deleted_at=view.deleted_at,
        revision=view.revision,
    )
