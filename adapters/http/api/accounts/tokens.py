from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath, JSONBody

from adapters.http.api.accounts.token_schemas import ApiTokensOut, NewApiTokenOut, shown, shown_once
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.idempotency import AnswerOnce
from adapters.http.schemas import MessageOut
from application.accounts.api_tokens import ApiTokenDraft, ApiTokens, NewApiToken
from domain.accounts.account import Caller

LIST = "/api/users/{user_id:str}/tokens"
ONE = f"{LIST}/{{token_id:str}}"


class TokenController(Controller):
    tags = ("API tokens",)

    @get(LIST, summary="List API tokens", responses=errors(400, 401, 403))
    async def list_tokens(self, caller: Dependency[Caller], api_tokens: Dependency[ApiTokens]) -> ApiTokensOut:
        """Returns the tokens that work; revoked and expired ones are left out. An API token may not call this."""
        return ApiTokensOut([shown(token) for token in await api_tokens.all(caller)])

    @post(LIST, summary="Make an API token", responses=errors(400, 401, 403, 409, 413, 415, 422))
    async def create_token(
        self,
        caller: Dependency[Caller],
        api_tokens: Dependency[ApiTokens],
        answer_once: Dependency[AnswerOnce],
        data: JSONBody[ApiTokenDraft],
    ) -> Response[NewApiTokenOut]:
        """Makes a token for a program that acts for you, over HTTP or MCP. An API token may not call this.

        We keep only a hash of it. With an `Idempotency-Key`, though, the answer with the token is kept for 24 hours.
        """
        return await answer_once(lambda: api_tokens.add(caller, data), NewApiToken, shown_once)

    @delete(ONE, summary="Revoke an API token", status_code=200, responses=errors(400, 401, 403, 404))
    async def revoke_token(
        self, caller: Dependency[Caller], api_tokens: Dependency[ApiTokens], token_id: FromPath[str]
    ) -> MessageOut:
        """Every server refuses the token within a minute. An API token may not call this."""
        await api_tokens.revoke(caller, token_id)
        return MessageOut("The API token is revoked: within a minute nothing takes it any more.")
