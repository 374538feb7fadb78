from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from adapters.http.schemas import Time
from application.accounts.api_tokens import NewApiToken
from domain.accounts.api_token import ApiToken


class ApiTokenOut(Struct):
    id: Annotated[str, Meta(description="The log of changes names it as `actor.id`.")]
    name: Annotated[str, Meta(examples=["My laptop"])]
    scopes: list[Literal["tasks:read", "tasks:write"]]
    created_at: Time
    expires_at: Annotated[Time | None, Meta(description="Null: never.")]
    last_used_at: Annotated[Time | None, Meta(description="To within a minute; null: not yet.")]


class NewApiTokenOut(ApiTokenOut):
    token: Annotated[
        str,
        Meta(description="Send it as `Authorization: Bearer tt_…`. It is shown only here: we keep a hash of it."),
    ]


class ApiTokensOut(Struct):
    """The tokens are sorted from oldest to newest."""

    tokens: list[ApiTokenOut]


def shown(token: ApiToken) -> ApiTokenOut:
    return ApiTokenOut(**_values(token))


def shown_once(new: NewApiToken) -> NewApiTokenOut:
    return NewApiTokenOut(**_values(new.token), token=new.text)


def _values(token: ApiToken) -> dict[str, Any]:
    values = {name: getattr(token, name) for name in ApiTokenOut.__struct_fields__}
    return values | {"scopes": [scope.value for scope in sorted(token.scopes)]}
