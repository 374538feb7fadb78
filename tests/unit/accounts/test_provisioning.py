from application.accounts.provisioning import JustInTimeProvisioning
from application.ports import BearerAuthenticator, Resource, nowhere
from domain.accounts.account import Caller


class NamesAsTokens(BearerAuthenticator):
    def recognizes(self, bearer: str) -> bool:
        return bearer.isalpha()

    async def authenticate(self, bearer: str, resource: Resource = nowhere) -> Caller:
        return Caller(bearer)


class Appearances:
    def __init__(self) -> None:
        self.users: list[str] = []
        self.fault: Exception | None = None

    async def __call__(self, user_id: str) -> None:
        if self.fault:
            raise self.fault
        self.users.append(user_id)


async def test_a_user_appears_once() -> None:
    appear = Appearances()
    tokens = JustInTimeProvisioning(NamesAsTokens(), appear)
    assert [(await tokens.authenticate(name)).user_id for name in ("ada", "bob", "ada")] == ["ada", "bob", "ada"]
    assert appear.users == ["ada", "bob"]
    assert [tokens.recognizes(each) for each in ("ada", "7")] == [True, False]


async def test_a_user_who_could_not_appear_does_so_with_the_next_token() -> None:
    appear = Appearances()
    tokens, appear.fault = JustInTimeProvisioning(NamesAsTokens(), appear), ConnectionError()
    try:
        await tokens.authenticate("ada")
    except ConnectionError:
        appear.fault = None
    await tokens.authenticate("ada")
    assert appear.users == ["ada"]


async def test_only_so_many_are_remembered() -> None:
    appear = Appearances()
    tokens = JustInTimeProvisioning(NamesAsTokens(), appear, remembered=2)
    for name in ("ada", "bob", "cem", "cem", "ada"):
        await tokens.authenticate(name)
    assert appear.users == ["ada", "bob", "cem", "ada"]
