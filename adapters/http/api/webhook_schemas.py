from typing import Annotated, Literal

from msgspec import Meta, Struct

from adapters.http.schemas import Time
from application.webhooks.webhooks import EntityName


class WebhookOut(Struct):
    id: str
    url: str
    entities: Annotated[list[EntityName], Meta(description="Whose changes are sent.")]
    state: Annotated[Literal["active", "dead"], Meta(description="A dead one waits to be resumed.")]
    position: Annotated[int, Meta(description="The revision of the last event that was delivered or left out.")]
    failures: Annotated[int, Meta(description="Attempts of the next event that failed.")]
    retry_at: Annotated[Time | None, Meta(description="When the event that failed is tried again.")]
    last_error: Annotated[str | None, Meta(description="Why the last attempt failed; null: it did not.")]
    last_status: Annotated[int | None, Meta(description="The HTTP status of the last answer.", examples=[204])]
    last_delivered_at: Time | None
    created_at: Time


class NewWebhookOut(WebhookOut):
    secret: Annotated[
        str, Meta(description="What signatures are made with, as Standard Webhooks writes it. It is shown only here.")
    ]


class WebhooksOut(Struct):
    """The webhooks are sorted from oldest to newest."""

    webhooks: list[WebhookOut]
