"""The grammar of the sentences that the assistant understands. Earlier rows take precedence: the first row that matches
the whole sentence counts.

Each row has an intent, a pattern (in the notation of notation.py) and an example. A test checks that this row reads the
example.
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
