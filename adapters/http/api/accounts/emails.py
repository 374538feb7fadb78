from litestar import Controller, post
from litestar.params import JSONBody

from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.schemas import ConfirmLinkOut, MessageOut
from adapters.http.server.authentication import PUBLIC_ROUTE
from application.accounts.emails import ChangeEmail, ConfirmEmail, Emails
from application.accounts.throttling import Visitor
from domain.accounts.account import Caller

SENT = "A link is on its way to that address. Open it within a day."


class EmailController(Controller):
    path = "/api/auth"
    tags = ("Accounts",)

    @post("/send-confirmation", status_code=200, summary="Confirm my email", responses=errors(401, 403, 409, 429))
    async def send_confirmation(
        self,
        emails: Dependency[Emails],
        caller: Dependency[Caller],
        visitor: Dependency[Visitor],
        shows_links: Dependency[bool],
    ) -> ConfirmLinkOut:
        """Mails a link to your address. Reminders and other mails go there only when you have opened it."""
        link = await emails.ask(caller, visitor)
        return ConfirmLinkOut(SENT, link if shows_links else None)

    @post("/change-email", status_code=200, summary="Change my email", responses=errors(400, 401, 403, 413, 415, 429))
    async def change_email(
        self,
        emails: Dependency[Emails],
        caller: Dependency[Caller],
        visitor: Dependency[Visitor],
        shows_links: Dependency[bool],
        data: JSONBody[ChangeEmail],
    ) -> ConfirmLinkOut:
        """Mails a link to the new address, which is yours once you have opened it. The old one gets a mail then."""
        link = await emails.change(caller, data, visitor)
        return ConfirmLinkOut(SENT, link if shows_links else None)

    @post(
        "/confirm-email",
        opt=PUBLIC_ROUTE,
        security=[{}],
        status_code=200,
        summary="Open the link of a mail",
        responses=errors(400, 413, 415, 429),
    )
    async def confirm_email(
        self, emails: Dependency[Emails], visitor: Dependency[Visitor], data: JSONBody[ConfirmEmail]
    ) -> MessageOut:
        """The token of the link works once, for a day."""
        await emails.confirm(data, visitor)
        return MessageOut("Your address is confirmed.")
