"""The token endpoint (RFC 6749, 3.2) and the revocation endpoint (RFC 7009)."""

from typing import Any

from litestar import Controller, Response, post
from litestar.exceptions import HTTPException

from adapters.http.handlers.dependencies import Dependency
from adapters.http.internals.litestar_responses import JsonResponse
from adapters.http.oauth.client_credentials import credentials_of
from adapters.http.oauth.errors import EXCEPTION_HANDLERS
from adapters.http.oauth.forms import MAX_FORM_BYTES, Values, form_of, one
from adapters.http.oauth.metadata import REVOKE, TOKEN
from adapters.http.server.authentication import PUBLIC_ROUTE
from adapters.http.server.json_request import JsonRequest
from adapters.http.server.own_address import OwnAddress
from application.accounts.throttling import Visitor
from application.oauth.clients import Clients
from application.oauth.code_exchange import CodeExchange, GivenCode
from application.oauth.issuing import IssuedTokens, TokenRequest
from application.oauth.refreshing import Refreshing
from application.ports import RateLimiter
from domain.oauth.clients import Client
from domain.oauth.errors import OAuthError, UnsupportedGrantType


class TokenEndpointController(Controller):
    opt = PUBLIC_ROUTE
    include_in_schema = False
    request_max_body_size = MAX_FORM_BYTES
    exception_handlers = EXCEPTION_HANDLERS

    @post(TOKEN, status_code=200)
    async def token(
        self,
        request: JsonRequest,
        own_address: Dependency[OwnAddress],
        oauth_clients: Dependency[Clients],
        code_exchange: Dependency[CodeExchange],
        refreshing: Dependency[Refreshing],
        token_limiter: Dependency[RateLimiter],
        visitor: Dependency[Visitor],
    ) -> Response[Any]:
        """Exchanges a code or a refresh token for an access token and the next refresh token."""
        form, client = await _read(request, own_address, oauth_clients, token_limiter, visitor)
        asked = TokenRequest(own_address.base(request.scope), form.get("resource", ()), one(form, "scope"))
        match one(form, "grant_type"):
            case "authorization_code":
                tokens = await code_exchange.exchange(client, _code(form), asked)
            case "refresh_token":
                tokens = await refreshing.refresh(client, one(form, "refresh_token"), asked)
            case _:
                raise UnsupportedGrantType("The grant_type is authorization_code or refresh_token.")
        return _answer(tokens)

    @post(REVOKE, status_code=200)
    async def revoke(
        self,
        request: JsonRequest,
        own_address: Dependency[OwnAddress],
        oauth_clients: Dependency[Clients],
        refreshing: Dependency[Refreshing],
        token_limiter: Dependency[RateLimiter],
        visitor: Dependency[Visitor],
    ) -> Response[Any]:
        """Ends the connection that a refresh or access token is of. The answer is the same for a token that is none."""
        form, client = await _read(request, own_address, oauth_clients, token_limiter, visitor)
        if not (token := one(form, "token")):
            raise OAuthError("The parameter token is missing.")
        await refreshing.revoke(client, token)
        return JsonResponse({})


async def _read(
    request: JsonRequest, own: OwnAddress, clients: Clients, limiter: RateLimiter, visitor: Visitor
) -> tuple[Values, Client]:
    """Returns the form and the client that has sent it. Raises `RateLimited`, `OAuthError` and `HTTPException`."""
    if not own.is_ours(request.scope):
        raise HTTPException(status_code=421)
    if visitor.address:
        await limiter.hit(f"address {visitor.address}")
    form, base = await form_of(request), own.base(request.scope)
    return form, await clients.authenticate(credentials_of(request, form), [base, base + TOKEN])


def _code(form: Values) -> GivenCode:
    redirect_uri = one(form, "redirect_uri") if "redirect_uri" in form else None
    return GivenCode(one(form, "code"), one(form, "code_verifier"), redirect_uri)


def _answer(tokens: IssuedTokens) -> Response[Any]:
    """Returns the answer of RFC 6749, 5.1. Every answer says `no-store`."""
    body = {
        "access_token": tokens.access_token,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        "refresh_token": tokens.refresh_token,
        "scope": tokens.scope,
    }
    return JsonResponse(body, headers={"Pragma": "no-cache"})
