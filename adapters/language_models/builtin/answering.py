"""What the user says when a question is open: an answer to it, or something new."""

import re
from dataclasses import replace

from adapters.language_models.builtin.matching import matches
from adapters.language_models.builtin.notation import compiled
from adapters.language_models.builtin.references import numbered, reference
from adapters.language_models.builtin.requests import (
    Add,
    Every,
    Listing,
    Numbers,
    Offer,
    Ordinal,
    Pronoun,
    Reference,
    Remark,
    Rename,
    Request,
    UNCLEAR,
)
from adapters.language_models.builtin.scene import Confirm, Question, Seens, Title, Which
from adapters.language_models.builtin.sentence import sentence, without_courtesy
from adapters.language_models.builtin.splitting import understand
from adapters.language_models.builtin.titles import draft, title

_YES = compiled(
    "(<yes>|please|(<yes>|please)[,|.|!] (<yes>|please|add it|do that|delete <them>|remove <them>|that one|it is|i do|i am))"
    "[[,] please| <them>| all of them]|add it|do that|i do|delete <them>|remove <them>|that one"
)
_NO = compiled("(n|no|nope|nah|none|neither|nothing|no one|not any|better not|rather not)[[,] (thanks|thank you|please|<rest of no>)][ of <them>]")
_LEAD = re.compile(
    r"(?:(?:i mean(?:t)?|it's|it is|that's|i'd say|only|just|maybe|probably|delete|finish|complete|remove|mark|reopen|rename)"
    r"|the one (?:about|with|for|to|of|that says))\b:? ",
    re.IGNORECASE,
)
_ASKED_FOR_ALL = compiled("<them>|everything|all|all <count>|both[ of them]|(the |)two")


def requests_for(said: str, question: Question | None) -> tuple[Request, ...]:
    heard = sentence(said)
    if heard.asked or question is None:
        return understand(said)
    match question:
        case Confirm(request):
            if _YES.fullmatch(heard.bare):
                return (request,)
        case Which():
            return _chosen(said, heard.bare, question)
        case Title(task):
            return _titled(said, task)
    return understand(said)
