"""Asks the user by elicitation, in the multi-round-trip form of revision 2026-07-28. The call is answered with a
question, and the client sends it again with the user's answer. Earlier revisions ask over a stream that the server
keeps open, which ours does not."""

from typing import Any

from mcp_types import (
    CallToolRequestParams,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from application.tools.call_approvals import Question

APPROVAL, CONFIRM = "approval", "confirm"
"""The key of the question, and the field of its form."""
FORM = {
    "type": "object",
    "properties": {CONFIRM: {"type": "boolean", "title": "Yes, do this", "default": False}},
    "required": [CONFIRM],
}


def can_ask(context: Any) -> bool:
    """Returns whether this request says that its client shows forms to the user. A capability that names no mode means
    forms, as they were the only mode once."""
    session = context.session
    capabilities = session.client_capabilities
    elicitation = capabilities.elicitation if capabilities else None
    if elicitation is None or session.protocol_version not in MODERN_PROTOCOL_VERSIONS:
        return False
    return elicitation.form is not None or elicitation.url is None


def asking(question: Question) -> InputRequiredResult:
    form = ElicitRequestFormParams(message=f"{question.text}\n\nShall it be done?", requested_schema=FORM)
    return InputRequiredResult(input_requests={APPROVAL: ElicitRequest(params=form)}, request_state=question.state)


def is_answer(call: CallToolRequestParams) -> bool:
    return call.request_state is not None or bool(call.input_responses)


def is_yes(call: CallToolRequestParams) -> bool:
    """Returns False for a form that was sent without its box ticked."""
    answer = (call.input_responses or {}).get(APPROVAL)
    return (
        isinstance(answer, ElicitResult) and answer.action == "accept" and (answer.content or {}).get(CONFIRM) is True
    )
