from litestar import Controller, get

from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.schemas import HealthOut
from adapters.http.server.authentication import PUBLIC_ROUTE
from adapters.http.server.concurrency_limits import LIMIT, RequestKind
from application.ports import Clock, Readiness

PROBE = {**PUBLIC_ROUTE, LIMIT: RequestKind.UNLIMITED}


class HealthController(Controller):
    path = "/health"
    tags = ("Health",)
    opt = PROBE
    security = ({},)

    @get(["/", "/live"], summary="Is the process alive", responses=errors(431), sync_to_thread=False)
    def get_health(self, clock: Dependency[Clock]) -> HealthOut:
        """Answers without the database."""
        return HealthOut("healthy", clock())

    @get("/ready", summary="Can it serve requests", responses=errors(431))
    async def get_readiness(self, readiness: Dependency[Readiness], clock: Dependency[Clock]) -> HealthOut:
        """Answers within a second. The status is 503 while the database can't be reached or its schema is too old."""
        await readiness.check()
        return HealthOut("ready", clock())
