from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath, JSONBody

from adapters.http.api.webhook_schemas import NewWebhookOut, WebhookOut, WebhooksOut
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.idempotency import AnswerOnce
from adapters.http.schemas import MessageOut, out
from application.webhooks.webhooks import Resumption, WebhookDraft, Webhooks
from domain.accounts.account import Caller
from domain.webhooks.webhook import Webhook

LIST = "/api/users/{user_id:str}/webhooks"
ONE = f"{LIST}/{{webhook_id:str}}"


class WebhookController(Controller):
    tags = ("Webhooks",)

    @get(LIST, summary="List webhooks", responses=errors(400, 401, 403))
    async def list_webhooks(self, caller: Dependency[Caller], webhooks: Dependency[Webhooks]) -> WebhooksOut:
        """Returns the webhooks with the position that each has reached. Secrets are not shown."""
        return WebhooksOut(out(await webhooks.all(caller), list[WebhookOut]))

    @post(LIST, summary="Add a webhook", responses=errors(400, 401, 403, 409, 413, 415, 422))
    async def create_webhook(
        self,
        caller: Dependency[Caller],
        webhooks: Dependency[Webhooks],
        answer_once: Dependency[AnswerOnce],
        data: JSONBody[WebhookDraft],
    ) -> Response[NewWebhookOut]:
        """From now on, every change of your tasks is sent to the URL: in order, at least once, and signed.
        `entities` asks for those of lists and views too."""
        return await answer_once(lambda: webhooks.add(caller, data), Webhook, _out_once)

    @get(ONE, summary="Get a webhook", responses=errors(400, 401, 403, 404))
    async def get_webhook(
        self, caller: Dependency[Caller], webhooks: Dependency[Webhooks], webhook_id: FromPath[str]
    ) -> WebhookOut:
        """Returns the position that the webhook has reached, and why its last attempt failed. Its secret is not
        shown."""
        return _out(await webhooks.get(caller, webhook_id))

    @delete(ONE, summary="Delete a webhook", status_code=200, responses=errors(400, 401, 403, 404))
    async def delete_webhook(
        self, caller: Dependency[Caller], webhooks: Dependency[Webhooks], webhook_id: FromPath[str]
    ) -> MessageOut:
        """Deletes the webhook. An event that is being sent may still arrive."""
        await webhooks.delete(caller, webhook_id)
        return MessageOut("The webhook is deleted.")

    @post(
        f"{ONE}/resume",
        status_code=200,
        summary="Go on with a webhook that failed",
        responses=errors(400, 401, 403, 404, 409, 413, 415, 422),
    )
    async def resume_webhook(
        self,
        caller: Dependency[Caller],
        webhooks: Dependency[Webhooks],
        answer_once: Dependency[AnswerOnce],
        webhook_id: FromPath[str],
        data: JSONBody[Resumption | None] = None,
    ) -> Response[WebhookOut]:
        """Retries at once, from the event that failed. With `skip`, continues with the event after it. The webhook may
        be dead or active. A webhook that has not failed stays as it is."""
        return await answer_once(lambda: webhooks.resume(caller, webhook_id, data or Resumption()), Webhook, _out)


def _out(webhook: Webhook) -> WebhookOut:
    converted: WebhookOut = out(webhook, WebhookOut)
    return converted


def _out_once(webhook: Webhook) -> NewWebhookOut:
    """Returns the webhook with its secret, which is shown only this once."""
    converted: NewWebhookOut = out(webhook, NewWebhookOut)
    return converted
