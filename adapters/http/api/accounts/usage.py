from typing import Annotated

from litestar import Controller, get
from litestar.params import QueryParameter

from adapters.http.chat.conversation_schemas import UsageReportOut
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.schemas import out
from application.chat.usage import UsageQuota
from domain.accounts.account import Caller

Days = Annotated[int, QueryParameter(ge=1, le=366, description="Today and how many days back, in UTC.")]


class UsageController(Controller):
    tags = ("Chat",)

    @get("/api/users/{user_id:str}/usage", summary="What your turns have used", responses=errors(400, 401, 403))
    async def get_usage(
        self, caller: Dependency[Caller], usage_quota: Dependency[UsageQuota], days: Days = 30
    ) -> UsageReportOut:
        """Returns the tokens that the language model's provider counted, by day and model. Deleted conversations count
        too."""
        report: UsageReportOut = out(await usage_quota.report(caller, days), UsageReportOut)
        return report
