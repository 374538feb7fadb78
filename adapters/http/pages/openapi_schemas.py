"""What Litestar and msgspec say of the data, put so that generators of clients and linters read what is meant."""

import json
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]


def readable(schemas: dict[str, Node]) -> dict[str, Node]:
    """Enums say that they are text. No field has a default: generators of types take one that has for required."""
    for schema in _nodes(schemas):
        if "enum" in schema and all(isinstance(each, str) for each in schema["enum"]):
            schema.setdefault("type", "string")
        for field in schema.get("properties", {}).values():
            _tell_default(field)
    return schemas


def taken_defaults(schemas: dict[str, Node]) -> Node:
    """Litestar writes the default of a parameter into the schema of its enum, by whose name it is given back here."""
    return {name: schema.pop("default") for name, schema in schemas.items() if "default" in schema}


def _tell_default(field: Node) -> None:
    """In words; that what is null may be left out needs none."""
    if (default := field.pop("default", None)) not in (None, "", []):
        shown = json.dumps(sorted(default) if isinstance(default, list) else default)
        field["description"] = f"{field.get('description', '')} Default: {shown}.".strip()


def _nodes(node: Any) -> Iterator[Node]:
    if isinstance(node, dict):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(each)
