from msgspec import Raw, Struct

from application.tasks.files.reading.json_values import Id

DEFAULT = 0
"""The mode of repetition that counts from the due date."""


class Named(Struct):
    title: str = ""
    username: str = ""
    name: str = ""


class Related(Struct):
    id: Id | None = None
    title: str = ""


class Comment(Struct):
    comment: str = ""


class VikunjaTask(Struct):
    id: Id | None = None
    title: str = ""
    description: str | None = None
    done: bool | None = False
    done_at: str | None = None
    due_date: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    project_id: Id | None = None
    repeat_after: int | None = 0
    repeat_mode: int | None = DEFAULT
    repeats: str | None = None
    priority: int | None = 0
    percent_done: float | None = 0
    position: float | None = None
    created: str | None = None
    updated: str | None = None
    labels: list[Named] | None = None
    assignees: list[Named] | None = None
    related_tasks: dict[str, list[Related] | None] | None = None
    comments: list[Comment] | None = None
    reminders: list[Raw] | None = None
    attachments: list[Raw] | None = None
    is_favorite: bool | None = False


class Project(Struct):
    """A project, or a namespace of an older export, whose projects are `lists`."""

    id: Id | None = None
    title: str = ""
    description: str | None = None
    hex_color: str | None = None
    is_archived: bool | None = False
    tasks: list[Raw] | None = None
    child_projects: list[Raw] | None = None
    lists: list[Raw] | None = None
