"""`python -m bench.turns`: a chat turn with an instant model, by how many messages came before it.

In process, one after another: milliseconds (median and 90th percentile), CPU and round trips to PostgreSQL per turn.
"""

import asyncio
import secrets
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator
from pathlib import Path

from dependency_injector import providers
from sqlalchemy import text

from adapters.postgres.migration import migrate
from application.chat.inputs import ChatMessage
from application.ports import Finished, LanguageModel, Part, Prompt, TextDelta
from bench.options import options
from bootstrap.asgi import close
from bootstrap.configuration.settings import load
from bootstrap.container import Container
from bootstrap.postgres.dev_database import dev_database
from domain.accounts.account import Caller
from tests.statements import counted

MESSAGES, TURNS, WARM_UP = (2, 200, 2_000, 8_000), 60, 10
FILL_TURNS = text("""
    INSERT INTO turns (user_id, id, conversation_id, number, message, state, created_at)
    SELECT :user, 'old-' || n, 'default', n, 'What is on my list today, and what comes next?', 'done', now()
    FROM generate_series(2, :count) n
""")
FILL_STEPS = text("""
    INSERT INTO steps (user_id, turn_id, number, kind, body, created_at)
    SELECT user_id, id, 1, 'answer', '{"text": "You have three tasks: milk, mom and the rent.", "calls": []}', now()
    FROM turns WHERE user_id = :user AND id LIKE 'old-%'
""")

SUMMARIZE = text("""
    UPDATE conversations
    SET last_turn = :count, summary = 'They spoke of tasks.', summarized_until = greatest(0, :count - 25)
    WHERE user_id = :user
""")
"""As if they had been said one after another."""


class Instant(LanguageModel):
    name = "instant"

    async def summarize(self, *_: object) -> AsyncGenerator[Part, None]:
        yield TextDelta("They spoke of tasks.")
        yield Finished("stop")

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        yield TextDelta("Yes.")
        yield Finished("stop")


async def measure(container: Container, messages: int) -> str:
    caller, chat = Caller(f"user-{messages}"), container.chat()
    await container.accounts().provision(caller.user_id)
    await chat.say(caller, ChatMessage("hello"))
    await _fill(container, caller.user_id, messages // 2)

    for _ in range(WARM_UP):
        await chat.say(caller, ChatMessage("hello"))
    with counted() as statements:
        cpu, times = time.process_time(), []
        for _ in range(TURNS):
            began = time.perf_counter()
            await chat.say(caller, ChatMessage("hello"))
            times.append((time.perf_counter() - began) * 1000)
        cpu = (time.process_time() - cpu) * 1000 / TURNS
    figures = (messages, statistics.median(times), statistics.quantiles(times, n=10)[-1], cpu, len(statements) / TURNS)
    return "{:6} messages: p50 {:6.1f} ms   p90 {:6.1f} ms   CPU {:5.1f} ms   {:.1f} round trips".format(*figures)


async def _fill(container: Container, user_id: str, count: int) -> None:
    database = container.database()
    async with database() as work:
        await database.write(FILL_TURNS, {"user": user_id, "count": count})
        await database.write(FILL_STEPS, {"user": user_id})
        await database.write(SUMMARIZE, {"count": count, "user": user_id})
        await work.commit()


async def main(url: str) -> None:
    await migrate(url)
    environ = {"DATABASE_URL": url, "BETTER_AUTH_SECRET": secrets.token_urlsafe(48), "CHAT_LIMIT": "100000/minute"}
    container = Container(settings=load(environ))
    container.model.override(providers.Object(Instant()))
    for messages in MESSAGES:
        print(await measure(container, messages))
    await close(container)


if __name__ == "__main__":
    options(__doc__)
    with tempfile.TemporaryDirectory(prefix="tasktalk-bench-") as folder, dev_database(Path(folder)) as url:
        asyncio.run(main(url))
