"""An answer goes on whoever watches, can be stopped, and can fail."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.assistant import Assistant
from tests.browser.conftest import NewPerson
from tests.browser.person import Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long
BEGINNING = re.compile(r"^\s*0 1 2 3 4 5 ")
WHOLE = re.compile(r"^\s*0 1 2 3 4 5 .*That is all\.")


@pytest.fixture
async def bob(assisted: Server, assistant: Assistant, somebody: NewPerson) -> Person:
    assistant.enough.clear()
    assistant.well.clear()
    return await somebody(assisted)


async def test_text_shows_as_it_comes_and_a_reload_in_its_middle_goes_on_with_it(
    bob: Person, assistant: Assistant
) -> None:
    asked = len(assistant.received)
    await bob.says("count")
    await bob.sees_answer(BEGINNING)
    await expect(bob.button("Stop")).to_be_visible()
    await bob.page.reload()
    await bob.sees_answer(BEGINNING)
    await expect(bob.button("Stop")).to_be_visible()
    assistant.enough.set()
    await bob.sees_answer(WHOLE)
    await expect(bob.button("Send")).to_be_visible()
    await expect(bob.answers).to_have_count(1)
    assert len(assistant.received) == asked + 1


async def test_stop_keeps_what_was_said_till_then(bob: Person) -> None:
    await bob.says("count")
    await bob.sees_answer(BEGINNING)
    await bob.button("Stop").click()
    await bob.sees_answer("You stopped it.")
    await bob.sees_answer(BEGINNING)
    await bob.page.reload()
    await bob.sees_answer(BEGINNING)
    await bob.sees_answer("You stopped it.")
    await bob.says("say Hello again.")
    await bob.sees_answer("Hello again.")


async def test_what_a_tool_refuses_is_left_to_the_words_of_the_assistant(bob: Person) -> None:
    await bob.says(f"add {'x' * 501}")
    await bob.sees_answer("That is all.")
    await bob.is_answered()
    await expect(bob.page.locator(".refused")).to_have_count(0)


async def test_a_model_that_fails_is_asked_again_when_it_is_well(bob: Person, assistant: Assistant) -> None:
    await bob.says("fail")
    await expect(bob.answers.last.locator(".trouble")).to_contain_text("assistant")
    assistant.well.set()
    await bob.button("Try again").click()
    await bob.sees_answer("That is all.")
    await expect(bob.page.locator(".trouble")).to_have_count(0)
    await expect(bob.answers).to_have_count(1)


async def test_what_is_typed_while_an_answer_comes_stays(bob: Person, assistant: Assistant) -> None:
    await bob.says("count")
    await bob.sees_answer(BEGINNING)
    await bob.says("say Next.")
    await expect(bob.page.get_by_label("Message", exact=True)).to_have_value("say Next.")
    assistant.enough.set()
    await bob.sees_answer(WHOLE)
    await bob.page.get_by_label("Message", exact=True).press("Enter")
    await bob.sees_answer("Next.")


async def test_an_answer_that_comes_in_one_tab_is_seen_in_a_tab_opened_meanwhile(
    bob: Person, assistant: Assistant
) -> None:
    await bob.says("count")
    await bob.sees_answer(BEGINNING)
    tab = await bob.another_tab()
    await tab.sees_answer(BEGINNING)
    await tab.button("Stop").click()
    for person in (bob, tab):
        await person.sees_answer("You stopped it.")


async def test_an_offline_moment_in_an_answer_loses_none_of_it(bob: Person, assistant: Assistant) -> None:
    await bob.says("count")
    await bob.sees_answer(BEGINNING)
    await bob.context.set_offline(True)
    await bob.is_away()
    assistant.enough.set()
    await bob.context.set_offline(False)
    await bob.sees_answer(WHOLE)
    await bob.is_live()


async def test_tasks_that_were_changed_are_told_once_by_their_cards(ann: Person) -> None:
    await ann.has("Buy milk", "Call mom")
    await ann.says("mark everything as done")
    await expect(ann.done).to_have_text(["Call mom", "Buy milk"])
    await expect(ann.answers.last.locator("> .text")).to_have_text("Finished 2 tasks:")


async def test_a_long_address_is_shortened_and_leads_to_the_whole_of_it(bob: Person) -> None:
    address = f"https://example.com/{'a' * 300}?page=1&size=2"
    await bob.says(f"say Look at {address}, or at [this]({address}).")
    links = bob.answers.last.get_by_role("link")
    await expect(links).to_have_text([f"example.com/{'a' * 35}…", "this"])
    for link in await links.all():
        await expect(link).to_have_attribute("href", address)
    await expect(links.first).to_have_attribute("title", address)
