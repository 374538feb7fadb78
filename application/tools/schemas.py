"""JSON Schemas that every model provider and MCP client supports: without `$ref`, `$defs` and `anyOf`."""

from typing import Any

import msgspec
from msgspec import Struct

from domain.tasks.task import MAX_ID

Schema = dict[str, Any]
NULL = {"type": "null"}
OMITTED_KEYWORDS = ("title", "examples")
"""The names of our types are of no use, and some providers refuse examples."""


def parameters(arguments: type[Struct]) -> Schema:
    """Null is not mentioned for an optional argument, since it means the same as leaving it out."""
    return _root(arguments, takes_null=False)


def result(outcome: type[Struct]) -> Schema:
    return _root(outcome, takes_null=True)


def _root(kind: type[Struct], *, takes_null: bool) -> Schema:
    (root,), definitions = msgspec.json.schema_components([kind], ref_template="{name}")
    return _flat(root, definitions, takes_null)


def _flat(schema: Schema, definitions: dict[str, Schema], takes_null: bool) -> Schema:
    if "$ref" in schema:
        named = _flat(definitions[schema["$ref"]], definitions, takes_null)
        return {name: value for name, value in named.items() if name != "description"} | _rest(schema, "$ref")
    if "anyOf" in schema:
        return _one_of(schema, definitions, takes_null)
    flat = _rest(schema)
    if "enum" in flat:
        flat["type"] = "string"
    if "properties" in flat:
        flat["properties"] = {name: _flat(each, definitions, takes_null) for name, each in schema["properties"].items()}
    if "items" in flat:
        flat["items"] = _bare(_flat(schema["items"], definitions, takes_null))
    return flat


def _bare(schema: Schema) -> Schema:
    """Returns the schema of an entry of a list without the descriptions of its fields, which other tools have too."""
    fields = {name: _rest(each, "description") for name, each in schema.get("properties", {}).items()}
    return schema | ({"properties": fields} if fields else {})


def _one_of(schema: Schema, definitions: dict[str, Schema], takes_null: bool) -> Schema:
    """Raises `ValueError` for several types beside null, since models could not choose."""
    (other,) = [each for each in schema["anyOf"] if each != NULL]
    flat = _rest(schema, "anyOf") | _flat(other, definitions, takes_null)
    if takes_null and NULL in schema["anyOf"]:
        flat |= {"type": [flat["type"], "null"]} | ({"enum": [*flat["enum"], None]} if "enum" in flat else {})
    return flat


def _rest(schema: Schema, *without: str) -> Schema:
    left_out = {*OMITTED_KEYWORDS, *without, *(["default"] if schema.get("default", ...) in (None, []) else [])}
    left_out |= {"maximum"} if schema.get("maximum") == MAX_ID else set()
    return {name: value for name, value in schema.items() if name not in left_out}
