"""What a client may ask a user for, and how the answer comes back."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from application.accounts.throttling import UNSEEN
from domain.accounts.account import ALL_SCOPES, Caller, Scope
from domain.errors import Forbidden, NotAuthenticated
from domain.oauth.codes import CODE_LIFETIME
from domain.oauth.errors import InvalidClient, InvalidRedirectUri
from tests.fakes import FakeSessions
from tests.unit.oauth.oauth_world import API, CALLBACK, CLAUDE, ISSUER, MCP, Answered, World

READ = frozenset({Scope.READ})


async def test_a_good_request_says_who_asks_for_what(world: World) -> None:
    asked = await world.asked()
    assert (asked.client.name, asked.redirect_uri, asked.state) == ("Claude", CALLBACK, "a state")
    assert (asked.scopes, asked.audience) == (ALL_SCOPES, (MCP,))


async def test_the_answer_has_code_state_and_issuer(world: World) -> None:
    answer = Answered(await world.authorization.allow(world.ann, await world.asked(), read_only=False))
    assert answer.address == CALLBACK
    assert answer.query["state"] == "a state"
    assert answer.query["iss"] == ISSUER
    [code] = world.store.rows.oauth_codes.values()
    assert answer.query["code"].encode() not in code.hash
    assert code.expires_at == world.clock() + CODE_LIFETIME <= world.clock() + timedelta(seconds=60)


async def test_a_code_is_kept_hashed_and_shown_nowhere(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    code = await world.code()
    assert code not in repr(world.store.rows)
    assert code not in caplog.text


async def test_each_step_of_a_sign_in_has_one_id_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    await world.connect()
    flow = (await world.asked()).flow
    assert [flow in line for line in caplog.messages if "document" not in line] == [True, True]
    assert "became connection" in caplog.messages[-1]


async def test_a_refusal_goes_back_with_state_and_issuer(world: World) -> None:
    answer = Answered(world.authorization.refuse(await world.asked()))
    assert answer.query["error"] == "access_denied"
    assert (answer.query["state"], answer.query["iss"]) == ("a state", ISSUER)


@pytest.mark.parametrize(
    ("scope", "scopes"),
    [
        ("", ALL_SCOPES),
        ("offline_access", ALL_SCOPES),
        ("tasks:read", READ),
        ("tasks:read offline_access", READ),
        ("tasks:write", ALL_SCOPES),
        ("tasks:read tasks:write offline_access openid", ALL_SCOPES),
    ],
)
async def test_an_empty_scope_is_the_default_and_others_names_are_ignored(
    world: World, scope: str, scopes: frozenset[Scope]
) -> None:
    assert (await world.asked(scope=scope)).scopes == scopes


@pytest.mark.parametrize(
    ("resource", "audience"),
    [((), (MCP,)), ((MCP,), (MCP,)), ((f"{MCP}/",), (MCP,)), ((MCP, API), (MCP, API)), ((API,), (API,))],
)
async def test_a_token_is_for_mcp_and_for_the_api_where_asked(
    world: World, resource: tuple[str, ...], audience: tuple[str, ...]
) -> None:
    assert (await world.asked(resource=resource)).audience == audience


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "too-short"}, "invalid_request"),
        ({"code_challenge": "=" * 43}, "invalid_request"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"resource": ("https://evil.example.com/mcp",)}, "invalid_target"),
        ({"resource": (MCP, "https://evil.example.com/mcp")}, "invalid_target"),
        ({"resource": (ISSUER,)}, "invalid_target"),
        ({"resource": (f"{MCP}/../api",)}, "invalid_target"),
        ({"state": "x" * 5_000}, "invalid_request"),
    ],
)
async def test_a_mistake_is_told_to_the_client_by_its_own_address(
    world: World, changes: dict[str, object], error: str
) -> None:
    answer = await world.refusal(**changes)
    assert answer.address == CALLBACK
    assert answer.query["error"] == error
    assert answer.query["iss"] == ISSUER
    assert answer.query["error_description"]


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://evil.example.com/api/mcp/auth_callback",
        f"{CALLBACK}/",
        f"{CALLBACK}?next=https://evil.example.com",
        "javascript:alert(1)",
        "",
    ],
)
async def test_nobody_is_sent_to_an_address_that_the_client_has_not_registered(world: World, redirect_uri: str) -> None:
    with pytest.raises(InvalidRedirectUri):
        await world.asked(redirect_uri=redirect_uri)
    with pytest.raises(InvalidRedirectUri):
        await world.asked(redirect_uri=redirect_uri, response_type="nonsense")


async def test_a_client_with_one_address_need_not_name_it(world: World) -> None:
    client = await world.register()
    assert (await world.asked(client_id=client.id, redirect_uri="")).redirect_uri == client.redirect_uris[0]


@pytest.mark.parametrize("client_id", ["", "nobody", "https://unknown.example.com/client", "a\0b"])
async def test_an_unknown_client_is_refused_here(world: World, client_id: str) -> None:
    with pytest.raises(InvalidClient):
        await world.asked(client_id=client_id)


async def test_a_form_is_good_for_its_session_and_its_request_only(world: World) -> None:
    token = world.authorization.form_token(world.ann, world.request())
    world.authorization.check_form(world.ann, world.request(), token)
    for caller, request, given in (
        (Caller("ann", session_id="s2"), world.request(), token),
        (Caller("bob", session_id="s1"), world.request(), token),
        (world.ann, world.request(scope="tasks:write"), token),
        (world.ann, world.request(redirect_uri="https://claude.com/api/mcp/auth_callback"), token),
        (world.ann, world.request(), ""),
        (world.ann, world.request(), "é" * 64),
    ):
        with pytest.raises(Forbidden):
            world.authorization.check_form(caller, request, given)


async def test_who_was_signed_out_meanwhile_allows_nothing(world: World) -> None:
    asked = await world.asked()
    async with world.store() as work:
        await FakeSessions(world.store).end("ann", world.clock())
        await work.commit()
    with pytest.raises(NotAuthenticated):
        await world.authorization.allow(world.ann, asked, read_only=False)
    assert world.store.rows.oauth_codes == {}


async def test_a_user_may_allow_less_than_was_asked(world: World) -> None:
    tokens = await world.redeem(await world.code(read_only=True))
    assert tokens.scope == "tasks:read offline_access"


async def test_two_servers_cannot_be_mixed_up(world: World) -> None:
    """An answer names its issuer (RFC 9207), so a client that asked another one refuses the code."""
    theirs = await world.authorization.read(world.request(resource=()), "https://other.example.com", UNSEEN)
    allowed = await world.authorization.allow(world.ann, theirs, read_only=False)
    assert parse_qs(urlsplit(allowed).query)["iss"] == ["https://other.example.com"]
    assert theirs.audience == ("https://other.example.com/mcp",)
    assert theirs.client.id == CLAUDE
