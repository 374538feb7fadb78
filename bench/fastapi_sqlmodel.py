"""A peer to compare with: the same five routes as one writes them with FastAPI and SQLModel, on the same tables.

The token is verified with python-jose, the change of a task locks the user's counter and adds an event, as tasktalk's.
"""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Query
from jose import jwt
from sqlalchemy import BigInteger, Column, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bench.options import no_command

engine = create_async_engine(os.environ.get("DATABASE_URL", "postgresql+asyncpg://"), pool_size=10, max_overflow=0)
app = FastAPI()


def time() -> Any:
    return Field(default=None, sa_type=DateTime(timezone=True))


class TaskIn(SQLModel):
    title: str = Field(min_length=1, max_length=200)
    description: str | None = Field(default=None, max_length=1000)


class Counter(SQLModel, table=True):
    __tablename__ = "counters"
    user_id: str = Field(primary_key=True)
    revision: int
    last_task_id: int
    pending: int
    completed: int


class TaskShown(SQLModel):
    user_id: str = Field(primary_key=True)
    id: int = Field(primary_key=True, sa_type=BigInteger)
    title: str
    description: str | None = None
    completed: bool = False
    created_at: datetime = time()
    updated_at: datetime = time()
    deleted_at: datetime | None = time()
    revision: int


class Task(TaskShown, table=True):
    __tablename__ = "tasks"


class Event(SQLModel, table=True):
    __tablename__ = "events"
    user_id: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    task_id: int
    kind: str
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    actor_kind: str = "user"
    at: datetime = time()


class Page(SQLModel):
    tasks: list[TaskShown]
    total: int
    offset: int
    limit: int


async def session() -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine, expire_on_commit=False) as opened:
        yield opened


def user(authorization: Annotated[str, Header()]) -> str:
    secret = os.environ["BETTER_AUTH_SECRET"]
    return str(jwt.decode(authorization.removeprefix("Bearer "), secret, algorithms=["HS256"])["sub"])


Session = Annotated[AsyncSession, Depends(session)]
User = Annotated[str, Depends(user)]


@app.get("/health")
async def health() -> dict[str, Any]:
    return {"status": "healthy", "timestamp": datetime.now(UTC)}


@app.get("/api/users/me/tasks")
async def list_tasks(
    owner: User, db: Session, offset: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> Page:
    own = select(Task).where(Task.user_id == owner, col(Task.deleted_at).is_(None))
    found = (await db.exec(own.order_by(col(Task.id).desc()).offset(offset).limit(limit))).all()
    counter = await db.get_one(Counter, owner)
    shown = [TaskShown.model_validate(task) for task in found]
    return Page(tasks=shown, total=counter.pending + counter.completed, offset=offset, limit=limit)


@app.get("/api/tasks/{task_id}")
async def get_task(owner: User, db: Session, task_id: int) -> TaskShown:
    if (task := await db.get(Task, (owner, task_id))) is None:
        raise HTTPException(404)
    return task


@app.post("/api/users/me/tasks", status_code=201)
async def create(owner: User, db: Session, draft: TaskIn) -> TaskShown:
    counter, now = await db.get_one(Counter, owner, with_for_update=True), datetime.now(UTC)
    counter.revision += 1
    counter.last_task_id += 1
    counter.pending += 1
    numbers: dict[str, Any] = {"user_id": owner, "id": counter.last_task_id, "revision": counter.revision}
    task = Task(**numbers, **draft.model_dump(), created_at=now, updated_at=now)
    return await stored(db, task, "created", None, now)


@app.patch("/api/tasks/{task_id}/{action}")
async def complete(owner: User, db: Session, task_id: int, action: str) -> TaskShown:
    counter, now = await db.get_one(Counter, owner, with_for_update=True), datetime.now(UTC)
    if (task := await db.get(Task, (owner, task_id), with_for_update=True)) is None:
        raise HTTPException(404)
    before, step = task.model_dump(mode="json"), 1 if action == "complete" else -1
    counter.revision += 1
    counter.pending -= step
    counter.completed += step
    task.completed, task.updated_at, task.revision = action == "complete", now, counter.revision
    return await stored(db, task, f"{action}d", before, now)


async def stored(db: AsyncSession, task: Task, kind: str, before: dict[str, Any] | None, now: datetime) -> Task:
    after = task.model_dump(mode="json")
    numbers: dict[str, Any] = {"user_id": task.user_id, "revision": task.revision, "task_id": task.id}
    db.add_all([task, Event(**numbers, kind=kind, before=before, after=after, at=now)])
    await db.commit()
    return task


if __name__ == "__main__":
    no_command(__doc__)
