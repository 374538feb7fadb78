"""The registration endpoint (RFC 7591)."""

from typing import Any

import msgspec
from litestar import Controller, Response, post
from litestar.exceptions import HTTPException

from adapters.http.handlers.dependencies import Dependency
from adapters.http.internals.litestar_responses import JsonResponse
from adapters.http.oauth.errors import EXCEPTION_HANDLERS
from adapters.http.oauth.forms import MAX_FORM_BYTES
from adapters.http.oauth.metadata import REGISTER
from adapters.http.server.authentication import PUBLIC_ROUTE
from adapters.http.server.json_request import JsonRequest
from adapters.http.server.own_address import OwnAddress
from application.accounts.throttling import Visitor
from application.oauth.clients import Clients, Registered, Registration
from application.validation import DECODE_ERRORS
from domain.oauth.clients import public_document
from domain.oauth.errors import InvalidClientMetadata


class RegistrationController(Controller):
    opt = PUBLIC_ROUTE
    include_in_schema = False
    request_max_body_size = MAX_FORM_BYTES
    exception_handlers = EXCEPTION_HANDLERS

    @post(REGISTER, status_code=201)
    async def register_client(
        self,
        request: JsonRequest,
        own_address: Dependency[OwnAddress],
        oauth_clients: Dependency[Clients],
        visitor: Dependency[Visitor],
    ) -> Response[Any]:
        """Registers a client. Nobody has to be signed in for that, as the user signs in at its first use."""
        if not own_address.is_ours(request.scope):
            raise HTTPException(status_code=421)
        if not request.is_json:
            raise HTTPException(status_code=415)
        registered = await oauth_clients.register(_form(await request.body()), visitor)
        return JsonResponse(_answer(registered), status_code=201)


def _form(body: bytes) -> Registration:
    """Reads the metadata. Null is as good as absent, and what is not known is ignored (RFC 7591, 2)."""
    try:
        given = msgspec.json.decode(body, type=dict[str, Any])
        return msgspec.convert({name: value for name, value in given.items() if value is not None}, Registration)
    except DECODE_ERRORS:
        raise InvalidClientMetadata("The body must be a JSON object with the metadata of RFC 7591.") from None


def _answer(registered: Registered) -> dict[str, Any]:
    """Returns the metadata with the secret, which does not expire."""
    secret = {"client_secret": registered.secret, "client_secret_expires_at": 0} if registered.secret else {}
    return {**public_document(registered.client), **secret}
