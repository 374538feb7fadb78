"""Finds out which program wrote JSON, by the names of its fields."""

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType, field

from application.tasks.files.file_formats import GOOGLE, MICROSOFT, OWN, TODOIST_API, VIKUNJA, FileFormat
from application.tasks.files.reading.json_values import document
from application.validation import DECODE_ERRORS

OF_GOOGLE = b'"tasks#'


class Shape(Struct):
    """The fields that tell the formats apart."""

    kind: Raw | UnsetType = UNSET
    items: Raw | UnsetType = UNSET
    results: list[Raw] | UnsetType = UNSET
    projects: Raw | UnsetType = UNSET
    value: list[Raw] | UnsetType = UNSET
    lists: list[Raw] | UnsetType = UNSET
    tasks: Raw | UnsetType = UNSET
    content: Raw | UnsetType = UNSET
    done: Raw | UnsetType = UNSET
    title: Raw | UnsetType = UNSET
    version: Raw | UnsetType = UNSET
    user_id: Raw | UnsetType = UNSET
    project_id: Raw | UnsetType = UNSET
    display_name: Raw | UnsetType = field(default=UNSET, name="displayName")
    importance: Raw | UnsetType = UNSET
    context: Raw | UnsetType = field(default=UNSET, name="@odata.context")

    def has(self, *names: str) -> bool:
        return any(getattr(self, name) is not UNSET for name in names)


def format_of_json(text: bytes) -> FileFormat | None:
    """Returns the format, or None if no program that we know writes this. Raises `Invalid` for what is no JSON."""
    if text.lstrip().startswith(b"["):
        return _of_entry(document(text, list[Raw]))
    return _of_object(document(text, Shape))


def _of_object(shape: Shape) -> FileFormat | None:
    if shape.has("version") or (shape.has("tasks", "user_id") and not shape.has("title", "projects", "display_name")):
        return _only(TODOIST_API, _list(shape.tasks)) or OWN
    if not isinstance(shape.kind, UnsetType) and bytes(shape.kind).startswith(OF_GOOGLE):
        return GOOGLE
    if shape.has("projects") or _only(TODOIST_API, _list(shape.items)):
        return TODOIST_API
    if not isinstance(shape.results, UnsetType):
        return _only(TODOIST_API, shape.results)
    for entries in (shape.value, shape.lists):
        if not isinstance(entries, UnsetType):
            return MICROSOFT if shape.has("context") else _only(MICROSOFT, entries)
    return _of_shape(shape)


def _only(wanted: FileFormat, entries: list[Raw]) -> FileFormat | None:
    return wanted if _of_entry(entries) is wanted else None


def _of_entry(entries: list[Raw]) -> FileFormat | None:
    try:
        return _of_shape(msgspec.json.decode(entries[0], type=Shape))
    except (IndexError, *DECODE_ERRORS):
        return None


def _of_shape(shape: Shape) -> FileFormat | None:
    if shape.has("content"):
        return TODOIST_API
    if shape.has("display_name", "importance", "context"):
        return MICROSOFT
    if shape.has("title") and shape.has("tasks", "done", "lists"):
        return VIKUNJA
    return None


def _list(raw: Raw | UnsetType) -> list[Raw]:
    try:
        return [] if isinstance(raw, UnsetType) else msgspec.json.decode(raw, type=list[Raw])
    except DECODE_ERRORS:
        return []
