from collections.abc import Callable
from dataclasses import dataclass

from application.tasks.date_words import DateContext
from application.tasks.files.building.builder import ImportBuilder
from application.tasks.files.formats import google_tasks, ticktick
from application.tasks.files.formats.icalendar import calendars
from application.tasks.files.formats.microsoft import outlook, todo
from application.tasks.files.formats.own import reading
from application.tasks.files.formats.todoist import api, table
from application.tasks.files.formats.vikunja import projects
from application.tasks.files.imported import ImportedFile

Read = Callable[[bytes, ImportBuilder, str], None]


@dataclass(frozen=True, slots=True)
class FileFormat:
    name: str
    reader: Read

    def read(self, body: bytes, context: DateContext, filename: str = "") -> ImportedFile:
        """Reads a file. Raises `Invalid` if it can't be read as a whole, or has too many tasks. It is to be called in a
        thread, since thousands of rows would block other requests."""
        builder = ImportBuilder(context)
        self.reader(body, builder, filename)
        return builder.built()


OWN = FileFormat("tasktalk JSON", reading.read)
TODOIST = FileFormat("Todoist CSV", table.read)
TODOIST_API = FileFormat("Todoist JSON", api.read)
TICKTICK = FileFormat("TickTick CSV", ticktick.read)
OUTLOOK = FileFormat("Outlook CSV", outlook.read)
MICROSOFT = FileFormat("Microsoft To Do JSON", todo.read)
GOOGLE = FileFormat("Google Tasks JSON", google_tasks.read)
VIKUNJA = FileFormat("Vikunja JSON", projects.read)
ICALENDAR = FileFormat("iCalendar", calendars.read)
TABLES = ((table.is_todoist, TODOIST), (ticktick.is_ticktick, TICKTICK), (outlook.is_outlook, OUTLOOK))
