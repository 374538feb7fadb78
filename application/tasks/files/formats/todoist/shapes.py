from msgspec import Raw, Struct

from application.tasks.files.reading.json_values import Id

Raws = list[Raw]


class Sync(Struct):
    """`results` and `tasks` are the names of the REST API."""

    items: Raws | None = None
    results: Raws | None = None
    tasks: Raws | None = None
    projects: Raws | None = None
    sections: Raws | None = None
    labels: Raws | None = None
    notes: Raws | None = None
    next_cursor: str | None = None


class Project(Struct):
    id: Id
    name: str
    color: str | int | None = None
    is_archived: bool | None = False
    is_deleted: bool | None = False
    inbox_project: bool | None = False
    is_inbox_project: bool | None = False
    child_order: float | None = None
    order: float | None = None


class Named(Struct):
    """A section or a label. `content` is the text of a note."""

    id: Id
    name: str = ""
    content: str = ""
    item_id: Id | None = None
    task_id: Id | None = None
    is_deleted: bool | None = False


class DueValue(Struct):
    date: str = ""
    datetime: str | None = None
    timezone: str | None = None
    string: str | None = None
    lang: str | None = None
    is_recurring: bool | None = False


class Amount(Struct):
    amount: int
    unit: str = "minute"


class Deadline(Struct):
    date: str | None = None


class Item(Struct):
    id: Id
    content: str = ""
    description: str | None = None
    project_id: Id | None = None
    section_id: Id | None = None
    parent_id: Id | None = None
    labels: list[Id] | None = None
    priority: int | None = None
    due: DueValue | None = None
    deadline: Deadline | None = None
    duration: Amount | None = None
    checked: bool | None = False
    is_completed: bool | None = False
    is_deleted: bool | None = False
    completed_at: str | None = None
    date_completed: str | None = None
    added_at: str | None = None
    created_at: str | None = None
    date_added: str | None = None
    updated_at: str | None = None
    child_order: float | None = None
    order: float | None = None
    responsible_uid: Id | None = None
    assignee_id: Id | None = None
