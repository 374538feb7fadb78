"""What the assistant understands. The first row that matches the whole sentence decides: order is precedence.

Each row is an intent, a pattern (its notation is in notation.py) and a sentence that a test reads by this very row.
"""

from adapters.language_models.builtin.reading.notation import compiled
from adapters.language_models.builtin.tables import change_rows, talk_rows, trash_rows

ROWS: tuple[tuple[str, str, str], ...] = (
    *talk_rows.CONVERSATION,
    *trash_rows.UNDOING,
    *talk_rows.LISTS,
    *trash_rows.LISTS,
    *change_rows.NOTES,
    *change_rows.REMINDING,
    *talk_rows.NEGATIONS,
    *trash_rows.MOVING,
    *change_rows.ADDING,
    *talk_rows.QUESTIONS,
    *change_rows.REOPENING,
    *change_rows.COMPLETING,
    *change_rows.RENAMING,
    *change_rows.DELETING,
    *change_rows.TELLING,
    *talk_rows.LEFTOVERS,
)
PATTERNS = tuple((intent, compiled(notation)) for intent, notation, _ in ROWS)
