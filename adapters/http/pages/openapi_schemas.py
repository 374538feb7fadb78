"""Rewrites the schemas of Litestar and msgspec so that client generators and linters understand them."""

import json
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]

PATCHES = ("ListChanges", "ProfileChanges", "TaskChanges", "ViewChanges")


def readable(schemas: dict[str, Node]) -> dict[str, Node]:
    """Gives enums a type and removes the defaults of fields, since generators take a field with a default for a
    required one. Says that a patch of nothing is refused, and that doubles in a list are not."""
    for name in PATCHES:
        schemas[name]["minProperties"] = 1
    for schema in _nodes(schemas):
        schema.pop("uniqueItems", None)
        if "enum" in schema and all(isinstance(each, str) for each in schema["enum"]):
            schema.setdefault("type", "string")
        for field in schema.get("properties", {}).values():
            _describe_default(field)
    return schemas


def extract_defaults(schemas: dict[str, Node]) -> Node:
    """Returns the defaults by name. Litestar writes the default of a parameter into the schema of its enum."""
    return {name: schema.pop("default") for name, schema in schemas.items() if "default" in schema}


def _describe_default(field: Node) -> None:
    """Moves the default into the description. A default of null, an empty text or an empty list is left out."""
    if (default := field.pop("default", None)) not in (None, "", []):
        shown = json.dumps(sorted(default) if isinstance(default, list) else default)
        field["description"] = f"{field.get('description', '')} Default: {shown}.".strip()


def _nodes(node: Any) -> Iterator[Node]:
    if isinstance(node, dict):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(each)
