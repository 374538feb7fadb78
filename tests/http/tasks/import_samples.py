"""A small file of each program, in the shape of its real exports."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Sample:
    """A file, and what comes of it: titles with lists, lists, and the fields of the first task."""

    body: bytes
    kind: str
    name: str = ""
    tasks: Sequence[tuple[str, str | None]] = ()
    first: dict[str, Any] = field(default_factory=dict)


def zipped(files: dict[str, str]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return body.getvalue()


TODOIST = """\
TYPE,CONTENT,DESCRIPTION,IS_COLLAPSED,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT,DEADLINE,DEADLINE_LANG
meta,view_style=list,,,,,,,,,,,,,
task,Water the plants @green,All of them,,2,1,Ann (1),,every friday,en,Europe/Berlin,30,minute,2026-12-24,en
task,The cactus too,,,4,2,Ann (1),,,en,,,,,
"""
TODOIST_API = {
    "projects": [{"id": "7", "name": "Home", "color": "teal", "child_order": 1, "inbox_project": False}],
    "items": [
        {
            "id": "11",
            "project_id": "7",
            "content": "Water the plants",
            "priority": 3,
            "labels": ["green"],
            "due": {"date": "2026-12-04", "is_recurring": True, "string": "every friday", "lang": "en"},
            "child_order": 1,
        },
        {"id": "12", "project_id": "7", "parent_id": "11", "content": "The cactus too", "checked": True},
    ],
}
TICKTICK = (
    '"Date: 2026-11-28+0000"\n"Version: 7.1"\n"Status: \n0 Normal\n1 Completed\n2 Archived"\n'
    '"Folder Name","List Name","Title","Kind","Tags","Content","Is Check list","Start Date","Due Date","Reminder",'
    '"Repeat","Priority","Status","Created Time","Completed Time","Order","Timezone","Is All Day","Is Floating",'
    '"Column Name","Column Order","View Mode","taskId","parentId"\n'
    '"","Home","Water the plants","TEXT","green","","N","2026-12-04T00:00:00+0000","2026-12-04T00:00:00+0000","",'
    '"FREQ=WEEKLY;BYDAY=FR","3","0","2026-11-01T10:00:00+0000","","-1","UTC","true","false","","","list","1",""\n'
    '"","Home","The cactus too","TEXT","","","N","","","","","0","2","2026-11-01T10:00:00+0000",'
    '"2026-11-02T10:00:00+0000","1","UTC","","false","","","list","2","1"\n'
)
MICROSOFT = {
    "value": [
        {
            "displayName": "Home",
            "wellknownListName": "none",
            "tasks": [
                {
                    "id": "a",
                    "title": "Water the plants",
                    "importance": "high",
                    "status": "notStarted",
                    "categories": ["green"],
                    "dueDateTime": {"dateTime": "2026-12-04T00:00:00.0000000", "timeZone": "UTC"},
                    "createdDateTime": "2026-11-01T10:00:00Z",
                },
                {"id": "b", "title": "The cactus too", "status": "completed", "importance": "normal"},
            ],
        }
    ]
}
GOOGLE = {
    "kind": "tasks#taskLists",
    "items": [
        {
            "kind": "tasks#tasks",
            "id": "L",
            "title": "Home",
            "items": [
                {"id": "1", "title": "Water the plants", "due": "2026-12-04T00:00:00Z", "status": "needsAction"},
                {"id": "2", "parent": "1", "title": "The cactus too", "status": "completed"},
            ],
        }
    ],
}
VIKUNJA = [
    {
        "id": 3,
        "title": "Home",
        "hex_color": "14aaf5",
        "tasks": [
            {
                "id": 1,
                "title": "Water the plants",
                "due_date": "2026-12-04T17:00:00Z",
                "priority": 4,
                "labels": [{"title": "green"}],
            },
            {"id": 2, "title": "The cactus too", "done": True, "done_at": "2026-11-02T10:00:00Z"},
        ],
    }
]
ICALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Nextcloud Tasks v0.16\r\nX-WR-CALNAME:Home\r\n"
    "BEGIN:VTODO\r\nUID:1\r\nSUMMARY:Water the plants\r\nDUE;VALUE=DATE:20261204\r\nRRULE:FREQ=WEEKLY;BYDAY=FR\r\n"
    "PRIORITY:1\r\nCATEGORIES:green\r\nEND:VTODO\r\n"
    "BEGIN:VTODO\r\nUID:2\r\nRELATED-TO:1\r\nSUMMARY:The cactus too\r\nSTATUS:COMPLETED\r\nEND:VTODO\r\n"
    "END:VCALENDAR\r\n"
)
JSON, CSV, CALENDAR, ZIP, ANY = (
    *("application/json", "text/csv", "text/calendar", "application/zip"),
    "application/octet-stream",
)
BOTH = [("Water the plants", "Home"), ("The cactus too", "Home")]
CALL = "TYPE,CONTENT\ntask,Call\n"
SAMPLES = {
    "Todoist CSV": Sample(
        TODOIST.encode(),
        CSV,
        "Home.csv",
        BOTH,
        {
            "due": "2026-11-27",
            "recurrence": "FREQ=WEEKLY;BYDAY=FR",
            "priority": "medium",
            "tags": ["green"],
            "estimate": "PT30M",
            "deadline": "2026-12-24",
            "description": "All of them",
        },
    ),
    "Todoist CSV in UTF-16": Sample(TODOIST.encode("utf-16"), ANY, "Home.csv", BOTH, {"tags": ["green"]}),
    "Todoist ZIP": Sample(
        zipped({"Home [7].csv": TODOIST, "Inbox [1].csv": "TYPE,CONTENT\ntask,Call\n"}),
        ZIP,
        "",
        [("Call", None), *BOTH],
    ),
    "Todoist JSON": Sample(
        json.dumps(TODOIST_API).encode(), JSON, "", BOTH, {"due": "2026-12-04", "priority": "medium"}
    ),
    "TickTick": Sample(
        TICKTICK.encode("utf-8-sig"), CSV, "", BOTH, {"due": "2026-12-04", "priority": "medium", "tags": ["green"]}
    ),
    "Microsoft": Sample(
        json.dumps(MICROSOFT).encode(), JSON, "", BOTH, {"due": "2026-12-04", "priority": "high", "tags": ["green"]}
    ),
    "Google": Sample(json.dumps(GOOGLE).encode(), ANY, "Tasks.json", BOTH, {"due": "2026-12-04"}),
    "Google ZIP": Sample(
        zipped({"Takeout/Tasks/Tasks.json": json.dumps(GOOGLE), "Takeout/archive.html": "x"}), ZIP, "", BOTH
    ),
    "Vikunja": Sample(json.dumps(VIKUNJA).encode(), JSON, "", BOTH, {"tags": ["green"], "priority": "high"}),
    "iCalendar": Sample(
        ICALENDAR.encode(), CALENDAR, "", BOTH, {"due": "2026-12-04", "recurrence": "FREQ=WEEKLY;BYDAY=FR"}
    ),
}
