"""Writes the API's types for the page: `make types`.

Words are left out, so that the file changes when a shape does. This needs Node, and npm's `openapi-typescript`: in this
folder (`npm install --no-package-lock`), in NODE_MODULES, or else `npx` fetches it.
"""

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).parent
MODULES = Path(os.environ.get("NODE_MODULES", HERE / "node_modules")).resolve()
GENERATOR = MODULES / "openapi-typescript" / "bin" / "cli.js"
PAGE_TYPES = HERE.parents[1] / "adapters" / "web" / "api-types.d.ts"
OPTIONS = ("--root-types", "--root-types-no-schema-prefix", "--root-types-keep-casing", "--alphabetize")
WORDS = ("description", "title", "example", "examples")


def page_types(document: Any) -> str:
    """Returns the TypeScript of the OpenAPI document's schemas."""
    schemas = {"schemas": _without_words(document["components"]["schemas"])}
    with TemporaryDirectory() as folder:
        given, made = Path(folder, "openapi.json"), Path(folder, "types.d.ts")
        given.write_text(json.dumps({**document, "paths": {}, "components": schemas}))
        subprocess.run(
            [*_generator(), str(given), "--output", str(made), *OPTIONS], check=True, stdout=subprocess.DEVNULL
        )
        return made.read_text()


def _without_words(schema: Any) -> Any:
    """A property may be called `title`: its value is a schema, and so no text and no list."""
    if isinstance(schema, list):
        return [_without_words(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: value for key, value in schema.items() if key in WORDS and not isinstance(value, dict)}
    return {key: _without_words(value) for key, value in schema.items() if key not in told}


def _generator() -> list[str]:
    if GENERATOR.exists():
        return ["node", str(GENERATOR)]
    version = json.loads((HERE / "package.json").read_text())["devDependencies"]["openapi-typescript"]
    return ["npx", "--yes", f"openapi-typescript@{version}"]


def main() -> None:
    from tests.e2e.conftest import TASKTALK

    printed = subprocess.run([TASKTALK, "openapi"], capture_output=True, check=True, timeout=60)
    PAGE_TYPES.write_text(page_types(json.loads(printed.stdout)))


if __name__ == "__main__":
    main()
