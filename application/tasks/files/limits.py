from domain.errors import Invalid

MAX_IMPORTED_TASKS = 10_000
TOO_MANY_TASKS = f"must hold at most {MAX_IMPORTED_TASKS} tasks: import it in parts"


def check_count(rows: int) -> None:
    if rows > MAX_IMPORTED_TASKS:
        raise Invalid.field("body", TOO_MANY_TASKS)
