from pathlib import Path
from typing import Annotated

from litestar import Controller, Response, delete, get, patch
from litestar.params import JSONBody, PathParameter

from adapters.http.api.lists.schemas import TagOut
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.idempotency import AnswerOnce
from adapters.http.schemas import MessageOut, out
from application.tasks.lists.inputs import TagChanges
from application.tasks.lists.tags import Tag, Tags
from domain.accounts.account import Caller

TAGS = "/api/users/{user_id:str}/tags"
ONE = f"{TAGS}/{{tag_name:path}}"

TagName = Annotated[
    Path, PathParameter(description="The name of the tag, in any spelling that is the same name.", examples=None)
]


class TagController(Controller):
    tags = ("Lists, views, tags",)

    @get(TAGS, summary="List the tags", responses=errors(400, 401, 403))
    async def list_tags(self, caller: Dependency[Caller], task_tags: Dependency[Tags]) -> list[TagOut]:
        """Returns the tags of all tasks outside the trash, by name, with the number of open tasks of each."""
        return [out(each, TagOut) for each in await task_tags.all(caller)]

    @patch(ONE, summary="Rename a tag", responses=errors(400, 401, 403, 404, 409, 413, 415, 422))
    async def update_tag(
        self,
        caller: Dependency[Caller],
        task_tags: Dependency[Tags],
        answer_once: Dependency[AnswerOnce],
        tag_name: TagName,
        data: JSONBody[TagChanges],
    ) -> Response[TagOut]:
        """Renames the tag in all tasks and views, as one change that can be undone. If there is a tag of the new name,
        the two become one. The status is 409 if more than 10,000 tasks have it."""
        return await answer_once(lambda: task_tags.rename(caller, _name(tag_name), data), Tag, _tag_out)

    @delete(ONE, summary="Delete a tag", status_code=200, responses=errors(400, 401, 403, 404, 409))
    async def delete_tag(
        self, caller: Dependency[Caller], task_tags: Dependency[Tags], tag_name: TagName
    ) -> MessageOut:
        """Takes the tag off all tasks, as one change that can be undone. Where the filter of a view names it, nothing
        matches."""
        await task_tags.delete(caller, _name(tag_name))
        return MessageOut(f"The tag {_name(tag_name)} is deleted.")


def _name(path: Path) -> str:
    """Returns the name, which may have slashes in it."""
    return str(path).removeprefix("/")


def _tag_out(tag: Tag) -> TagOut:
    shown: TagOut = out(tag, TagOut)
    return shown
