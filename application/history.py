"""What a model is shown of a conversation: the newest turns whole, as many as fit."""

from application.ports import TurnRepository
from domain.conversation import Message, Turn, fitting

PAGE = 50


class History:
    """`budget` is in tokens, for the turns before and the one that is asked about together."""

    def __init__(self, turns: TurnRepository, budget: int) -> None:
        self._turns = turns
        self._budget = budget

    async def before(self, turn: Turn) -> list[Message]:
        found: list[Turn] = []
        left, number, more = self._budget - turn.tokens(), turn.number, True
        while more and left >= 0:
            page = await self._turns.newest(turn.user_id, turn.conversation_id, PAGE, before=number)
            found += page
            left -= sum(each.tokens() for each in page)
            more = len(page) == PAGE
            number = page[-1].number if page else 0
        kept = fitting(found, self._budget - turn.tokens())
        return [message for each in kept for message in each.messages()]
