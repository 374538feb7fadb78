"""What the README shows. `UPDATE_SCREENSHOTS=1 make test` takes the pictures anew."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import NewPerson
from tests.browser.person import Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long

IMAGES = Path(__file__).parents[3] / "docs" / "images"
MAX_BYTES = 150_000
DESKTOP = {"viewport": {"width": 1100, "height": 640}}
PICTURES: dict[str, dict[str, Any]] = {
    "desktop": DESKTOP,
    "dark": DESKTOP | {"color_scheme": "dark"},
    "phone": {
        "viewport": {"width": 390, "height": 700},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
}


@pytest.mark.parametrize("name", PICTURES)
async def test_the_readme_has_pictures(served: Server, somebody: NewPerson, name: str, tmp_path: Path) -> None:
    ann = await somebody(served, **PICTURES[name])
    await some_day(ann)
    picture = (IMAGES if os.environ.get("UPDATE_SCREENSHOTS") else tmp_path) / f"{name}.png"
    await ann.page.screenshot(path=picture, animations="disabled", caret="hide")
    assert picture.stat().st_size < MAX_BYTES
    assert (IMAGES / picture.name).exists()


async def some_day(ann: Person) -> None:
    """On a phone the tasks alone are seen, and the assistant is told elsewhere."""
    await ann.has("Water the plants", "Pay the rent", "Return the library books")
    for sentence in ("Remind me to call mom tomorrow", "I paid the rent"):
        if await ann.page.get_by_label("Message", exact=True).is_visible():
            await ann.says(sentence)
            await ann.is_answered()
        else:
            await ann.ask("POST", "/api/users/me/chat", {"message": sentence})
    await ann.page.evaluate("document.activeElement.blur()")
    await ann.sees_tasks("Water the plants", "Return the library books", "Call mom tomorrow")
