"""Time zones by their names in the IANA Time Zone Database, aliases included."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

UTC_ZONE = "UTC"
NO_ZONES = frozenset({"localtime", "Factory", "posixrules"})
"""Files beside the zones that are no zones: the setting of one machine, a placeholder, and default rules."""


def canonical_zone_name(text: str) -> str:
    """Returns the zone's name as the database spells it, for `text` in any case. Raises `ValueError`."""
    try:
        return _spellings()[text.lower()]
    except KeyError:
        raise ValueError("must be a time zone such as Europe/Berlin, America/New_York or UTC") from None


def zone(name: str) -> ZoneInfo:
    """Returns UTC for a zone that another server's newer database knows and ours does not."""
    return ZoneInfo(_spellings().get(name.lower(), UTC_ZONE))


@cache
def _spellings() -> Mapping[str, str]:
    """Returns the names by their lower case. The files are listed when first needed, since there are 600 of them."""
    return {name.lower(): name for name in available_timezones() - NO_ZONES}


@cache
def zones_version() -> str:
    """Returns a text such as 2026f, or "" if the database does not tell it. The system's files have precedence over
    those of the package `tzdata`, as in `zoneinfo`."""
    for file in (*(Path(folder, "tzdata.zi") for folder in TZPATH), files("tzdata") / "zoneinfo" / "tzdata.zi"):
        if file.is_file():
            with file.open(encoding="utf-8") as lines:
                return lines.readline().removeprefix("# version").strip()
    return ""
