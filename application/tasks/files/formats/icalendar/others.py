"""What a VTODO says of other tasks, and what tasks have no field for."""

from collections.abc import Iterable, Mapping

from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.building.raw_task import RawTask
from application.tasks.files.formats.icalendar.lines import Property, unescaped

EXTRAS: Mapping[str, str] = {
    "LOCATION": "Location",
    "URL": "Link",
    "CONTACT": "Contact",
    "COMMENT": "Comment",
    "ATTENDEE": "Attendee",
    "ORGANIZER": "Organizer",
    "ATTACH": "Attachment",
    "GEO": "Place",
    "RESOURCES": "Resources",
    "CONFERENCE": "Conference",
}
READ = frozenset(
    {
        "BEGIN",
        "UID",
        "SUMMARY",
        "DESCRIPTION",
        "DTSTAMP",
        "CREATED",
        "LAST-MODIFIED",
        "SEQUENCE",
        "DTSTART",
        "DUE",
        "DURATION",
        "RRULE",
        "STATUS",
        "COMPLETED",
        "PRIORITY",
        "PERCENT-COMPLETE",
        "CATEGORIES",
        "RELATED-TO",
        "RECURRENCE-ID",
        "X-ALT-DESC",
        "X-APPLE-SORT-ORDER",
        "ESTIMATED-DURATION",
        "EXDATE",
        "RDATE",
        "EXRULE",
    }
)
PUBLIC = ("CLASS", "PUBLIC")
PARENT, CHILD = "PARENT", "CHILD"
MAX_INLINE = 2_000
"""An attachment within the file is longer than that, and no text."""


def add_relations(builder: ImportBuilder, raw: RawTask, found: Iterable[Property]) -> list[str]:
    children: list[str] = []
    for each in found:
        kind = each.parameters.get("RELTYPE", PARENT).upper()
        if each.name != "RELATED-TO":
            continue
        if kind == PARENT and raw.parent is None:
            raw.parent = each.value.strip() or None
        elif kind == CHILD:
            children.append(each.value.strip())
        else:
            builder.remarks.count(raw.line, f"RELATED-TO ({kind.lower()})")
    return children


def describe_others(builder: ImportBuilder, raw: RawTask, found: Iterable[Property]) -> None:
    for each in found:
        if each.name in EXTRAS and len(each.value) <= MAX_INLINE:
            raw.describe(EXTRAS[each.name], _who(each))
        elif each.name not in READ and (each.name, each.value) != PUBLIC:
            builder.remarks.count(each.line, each.name)


def _who(found: Property) -> str:
    value, name = unescaped(found.value).strip(), found.parameters.get("CN")
    return f"{name} ({value})" if name else value
