from msgspec import UNSET, Raw, Struct, UnsetType, field


class Page(Struct):
    value: list[Raw] | None = None
    lists: list[Raw] | None = None
    next_link: str | None = field(default=None, name="@odata.nextLink")


class TaskList(Struct, rename="camel"):
    """A list has `tasks` or a name. What has neither is a task."""

    id: str = ""
    display_name: str | None = None
    wellknown_list_name: str | None = None
    tasks: list[Raw] | Page | None = None


class Moment(Struct, rename="camel"):
    date_time: str = ""
    time_zone: str = "UTC"


class Body(Struct, rename="camel"):
    content: str | None = ""
    content_type: str = "text"


class Item(Struct, rename="camel"):
    display_name: str = ""
    is_checked: bool | None = False
    checked_date_time: str | None = None
    created_date_time: str | None = None


class Resource(Struct, rename="camel"):
    web_url: str | None = None
    display_name: str | None = None
    application_name: str | None = None


class TodoTask(Struct, rename="camel"):
    id: str = ""
    title: str = ""
    status: str = "notStarted"
    importance: str = "normal"
    body: Body | None = None
    categories: list[str] = field(default_factory=list)
    created_date_time: str | None = None
    last_modified_date_time: str | None = None
    completed_date_time: Moment | None = None
    due_date_time: Moment | None = None
    start_date_time: Moment | None = None
    reminder_date_time: Moment | None = None
    recurrence: Raw | UnsetType = UNSET
    checklist_items: list[Item] = field(default_factory=list)
    linked_resources: list[Resource] = field(default_factory=list)
    has_attachments: bool | None = False
