"""A model that thinks for long costs nobody a connection: the container as it is, with a model that waits."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterator

import pytest
from dependency_injector import providers
from sqlalchemy import text

from adapters.postgres.driver.database import Database
from application.chat.inputs import ChatMessage
from application.ports import Finished, Part, Prompt, TextDelta
from bootstrap.asgi import close
from bootstrap.configuration.settings import load
from bootstrap.container import Container
from domain.accounts.account import Caller
from domain.chat.turn import TurnState
from tests.fakes import ScriptedModel

TURNS = 50
IDLE = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
)


class Thinks(ScriptedModel):
    """All think at once, until they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.thinking, self.go = 0, asyncio.Event()
        self.all_think = asyncio.Event()

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        self.thinking += 1
        if self.thinking == TURNS:
            self.all_think.set()
        await self.go.wait()
        yield TextDelta("Thought.")
        yield Finished("stop")


@pytest.fixture
async def container(database_url: str, database: Database) -> AsyncIterator[Container]:
    """With fewer connections than turns. `database` has emptied the tables."""
    environ = {"DATABASE_URL": database_url, "BETTER_AUTH_SECRET": secrets.token_urlsafe(48), "POOL_SIZE": "3"}
    container = Container(settings=load(environ))
    yield container
    await close(container)


async def test_fifty_turns_that_wait_for_their_model_hold_no_connection(
    container: Container, database: Database
) -> None:
    model = Thinks()
    container.model.override(providers.Object(model))
    callers = [Caller(f"user-{number}") for number in range(TURNS)]
    for caller in callers:
        await container.accounts().provision(caller.user_id)
    chat = container.chat()
    saying = [asyncio.create_task(chat.say(caller, ChatMessage("think"))) for caller in callers]
    await asyncio.wait_for(model.all_think.wait(), 30)
    assert (await database.run(IDLE))[0][0] == 0
    assert (await container.accounts().me(callers[0])).id == "user-0", "others are served meanwhile"
    model.go.set()
    assert {reply.response for reply in await asyncio.gather(*saying)} == {"Thought."}
    turn = await chat.turn(callers[0], (await saying[0]).message_id)
    assert turn.state is TurnState.DONE
