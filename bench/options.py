"""What a command of `bench` takes, and what `--help` says of it: the module's docstring."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence

NOT_RUN = "Other modules of bench use this one. By itself it only says so: run `python -m bench`."


def options(document: str | None, name: str = "", defaults: Sequence[int] = ()) -> list[int]:
    """The numbers that are given under this name: as many as one likes where there are several defaults."""
    taken = ArgumentParser(description=document, formatter_class=RawDescriptionHelpFormatter)
    if name:
        shown = ", ".join(f"{each:,}" for each in defaults)
        count = "*" if len(defaults) > 1 else "?"
        taken.add_argument("numbers", metavar=name, type=int, nargs=count, help=f"default: {shown}")
    given = vars(taken.parse_args()).get("numbers") or list(defaults)
    return given if isinstance(given, list) else [given]


def no_command(document: str | None) -> None:
    """For a module that measures nothing by itself."""
    ArgumentParser(description=document, epilog=NOT_RUN, formatter_class=RawDescriptionHelpFormatter).parse_args()
    print(NOT_RUN)
