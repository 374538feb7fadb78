"""Before it changes much at once, the assistant shows a plan and waits for a yes."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser.chat.approvals import QUESTION, AskingAssistant, planned
from tests.browser.conftest import NewPerson
from tests.browser.page.test_accessible import LOOKS, nothing_is_wrong
from tests.browser.person import Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long

LATE_SECONDS = 0.5
TRIP = [planned(1, "Book the flights"), planned(2, "Passport photos"), planned(3, "Travel insurance")]
Asked = Callable[..., Awaitable[tuple[Person, AskingAssistant]]]


@pytest.fixture
def asked(served: Server, somebody: NewPerson) -> Asked:
    """Somebody whom the assistant has asked."""

    async def new(changes: Any = TRIP, *, look: str = "light", **options: Any) -> tuple[Person, AskingAssistant]:
        ann = await somebody(served, **LOOKS.get(look, {"locale": "en-US", "timezone_id": look}))
        await ann.has("Book the flights", "Passport photos", "Travel insurance")
        assistant = AskingAssistant(changes, **options)
        await assistant.answer_for(ann.page)
        if look == "phone":
            await ann.page.locator(".tabs").get_by_role("link", name="Assistant").click()
        await ann.says("clear out everything about the trip")
        await expect(plan_of(ann)).to_be_visible()
        return ann, assistant

    return new


def plan_of(person: Person) -> Locator:
    return person.page.get_by_role("group", name="The assistant asks")


@pytest.mark.parametrize("look", LOOKS)
async def test_a_plan_shows_what_would_change_and_how_long_it_waits(asked: Asked, look: str) -> None:
    ann, _ = await asked(look=look)
    await ann.sees_answer(QUESTION)
    await expect(plan_of(ann).locator(".title")).to_have_text([each["title"] for each in TRIP])
    await expect(plan_of(ann)).to_contain_text("waits 10 min")
    await expect(plan_of(ann).locator(".title").first).to_have_css("text-decoration-line", "line-through")
    await nothing_is_wrong(ann.page)


@pytest.mark.parametrize(("press", "answer", "told"), [("Yes, delete 3", True, "Done."), ("No", False, "You said no.")])
async def test_yes_and_no_are_buttons_and_the_answer_goes_on_below(
    asked: Asked, press: str, answer: bool, told: str
) -> None:
    ann, assistant = await asked()
    await ann.button(press).click()
    await ann.sees_answer(told)
    await expect(plan_of(ann)).to_have_count(0)
    await expect(ann.answers).to_have_count(1)
    assert assistant.heard == [answer]


async def test_a_plain_yes_in_the_composer_is_the_same(asked: Asked) -> None:
    ann, assistant = await asked()
    await ann.says("yes")
    await ann.sees_answer("Done.")
    await ann.sees_answer(QUESTION)
    await expect(ann.answers).to_have_count(1)
    assert assistant.heard == ["yes"]


async def test_any_other_message_refuses_what_was_asked(asked: Asked) -> None:
    ann, _ = await asked()
    await ann.says("what about next week?")
    await ann.sees_answer("As you like.")
    await expect(ann.answers.first).to_contain_text("You said no.")
    await expect(plan_of(ann)).to_have_count(0)


async def test_the_focus_comes_to_the_plan_and_whoever_types_goes_on_typing(asked: Asked) -> None:
    ann, _ = await asked()
    await expect(plan_of(ann)).to_be_focused()
    await ann.page.keyboard.press("Tab")
    await expect(ann.button("Yes, delete 3")).to_be_focused()
    await ann.page.keyboard.press("Tab")
    await expect(ann.button("No")).to_be_focused()
    await plan_of(ann).focus()
    await ann.page.keyboard.type("yesterday")
    await expect(ann.page.get_by_label("Message", exact=True)).to_have_value("yesterday")


async def test_the_focus_is_not_taken_from_who_does_something_else(served: Server, somebody: NewPerson) -> None:
    ann = await somebody(served)
    await AskingAssistant(TRIP).answer_for(ann.page)
    await ann.page.get_by_label("Message", exact=True).fill("clear out the trip")
    await ann.page.get_by_label("Message", exact=True).press("Enter")
    await ann.page.get_by_label("New task").fill("Buy mi")
    await expect(plan_of(ann)).to_be_visible()
    await ann.page.keyboard.type("lk")
    await expect(ann.page.get_by_label("New task")).to_have_value("Buy milk")


async def test_a_long_plan_shows_a_handful_and_opens(asked: Asked) -> None:
    ann, _ = await asked([planned(number, f"Task {number}") for number in range(1, 34)], total=133)
    titles = plan_of(ann).locator(".title")
    await expect(titles).to_have_count(5)
    await ann.button("and 128 more").click()
    await expect(titles).to_have_count(33)
    await expect(plan_of(ann)).to_contain_text("and 100 more like these")
    await expect(ann.button("Yes, delete 133")).to_be_visible()


async def test_an_edit_shows_each_field_as_it_is_and_as_it_would_be(asked: Asked) -> None:
    before = {"due": "2031-02-03", "priority": "low"}
    after = {"due": "2031-02-07T16:00", "tags": ["phone", "work"]}
    ann, _ = await asked([planned(1, "Book the flights", "updated", before=before, after=after)])
    changed = plan_of(ann).locator(".field-change")
    await expect(changed.locator("del")).to_have_text(["Feb 3, 2031", "Low"])
    await expect(changed.locator("ins")).to_have_text(["Feb 7, 2031 4:00 PM", "none", "phone, work"])
    await expect(ann.button("Yes, change 1")).to_be_visible()


async def test_a_plan_is_there_after_a_reload_and_in_another_tab(asked: Asked) -> None:
    ann, assistant = await asked()
    await ann.page.reload()
    await expect(plan_of(ann)).to_be_visible()
    tab = Person(ann.context, await ann.context.new_page(), ann.email, ann.token)
    await assistant.answer_for(tab.page)
    await tab.opens()
    await tab.button("No").click()
    await tab.sees_answer("I left everything as it was.")
    await ann.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(ann.answers.last).to_contain_text("You said no.")
    await expect(plan_of(ann)).to_have_count(0)


async def test_a_plan_comes_with_its_conversation_after_a_reload(served: Server, somebody: NewPerson) -> None:
    ann = await somebody(served)
    await ann.has("Book the flights", "Passport photos", "Travel insurance")
    await ann.says("delete tasks 1, 2 and 3")
    await expect(ann.button("Yes, delete 3")).to_be_visible()

    async def late(route: Route) -> None:
        await asyncio.sleep(LATE_SECONDS)
        await route.continue_()

    await ann.page.route(re.compile(r"/plan\.js$"), late)
    await ann.page.reload()
    first_seen = await ann.page.wait_for_function(
        "() => document.querySelector('.message.assistant')?.querySelectorAll('.plan.waits button').length.toString()"
    )
    assert await first_seen.json_value() == "2"
    await ann.button("Yes, delete 3").click()
    await ann.sees_tasks()


async def test_a_plan_that_has_waited_too_long_says_so_and_can_be_said_again(asked: Asked) -> None:
    ann, assistant = await asked(look="UTC")  # a context of its own, as it keeps the clock
    await ann.page.clock.install()
    await ann.page.reload()
    await expect(plan_of(ann)).to_be_visible()
    await ann.page.clock.fast_forward("11:00")
    await expect(ann.answers.last).to_contain_text("This was open for ten minutes and has closed.")
    await expect(plan_of(ann)).to_have_count(0)
    await ann.button("Say it again").click()
    await expect(ann.page.locator(".message.user").last).to_have_text("clear out everything about the trip")
    await ann.sees_answer("As you like.")
    assert assistant.heard == ["clear out everything about the trip"]


async def test_a_yes_that_comes_too_late_is_told_as_one(asked: Asked) -> None:
    ann, assistant = await asked()
    assistant.refusal = {"code": "CONFLICT", "message": "That question has closed.", "request_id": "r"}
    await ann.button("Yes, delete 3").click()
    await expect(ann.answers.last).to_contain_text("This was open for ten minutes and has closed.")
    await expect(ann.button("Say it again")).to_be_visible()


async def test_an_assistant_that_is_folded_away_shows_that_it_asks(asked: Asked) -> None:
    ann, _ = await asked()
    await ann.button("Fold the assistant").click()
    await expect(ann.button("Show the assistant")).to_have_class(re.compile("asks"))
    await ann.button("Show the assistant").click()
    await ann.button("No").click()
    await ann.button("Fold the assistant").click()
    await expect(ann.button("Show the assistant")).not_to_have_class(re.compile("asks"))
