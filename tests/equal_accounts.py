"""Compares accounts but for numbers and revisions: what an export brings into another account."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

NUMBERS = ("id", "user_id", "revision", "position", "list_id", "parent_id", "occurrence_of")
"""They differ, and are compared by what they name."""


def comparable(export: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns an export with places instead of numbers, and with the orders of siblings instead of positions."""
    return {
        "lists": _named(export["lists"]),
        "views": _named([each | {"filter": _placed(each["filter"], export["lists"])} for each in export["views"]]),
        "tasks": _tasks(export),
        "orders": _orders(export),
    }


def _places(entities: Sequence[Mapping[str, Any]]) -> Mapping[int | None, int]:
    return {each["id"]: place for place, each in enumerate(entities, 1)}


def _named(entities: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    in_order = sorted(entities, key=lambda each: (each["position"], each["id"]))
    return [{name: value for name, value in each.items() if name not in NUMBERS} for each in in_order]


def _placed(text: str, lists: Sequence[Mapping[str, Any]]) -> str:
    names = {str(each["id"]): each["name"] for each in lists}
    return re.sub(r"#(\d+)", lambda match: f"#{names.get(match[1], 'gone')}", text)


def _tasks(export: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    lists, tasks = _places(export["lists"]), _places(export["tasks"])
    return [
        {name: value for name, value in task.items() if name not in NUMBERS}
        | {"list": lists.get(task["list_id"]), "parent": tasks.get(task["parent_id"])}
        | {"series": tasks.get(task["occurrence_of"])}
        for task in export["tasks"]
    ]


def _orders(export: Mapping[str, Any]) -> Sequence[Sequence[str]]:
    groups: defaultdict[Any, list[Mapping[str, Any]]] = defaultdict(list)
    for task in export["tasks"]:
        groups[task["list_id"], task["parent_id"]].append(task)
    found = [sorted(each, key=lambda task: (task["position"], task["id"])) for each in groups.values()]
    return [[task["title"] for task in each] for each in found]
