"""What clients find out before anybody signs in."""

import pytest

from tests.http.conftest import Api
from tests.http.oauth.browsing import BASE, MCP

SERVER = "/.well-known/oauth-authorization-server"
RESOURCE = "/.well-known/oauth-protected-resource"


@pytest.mark.parametrize(
    "address",
    [SERVER, f"{SERVER}/mcp", "/.well-known/openid-configuration", "/.well-known/openid-configuration/mcp"],
)
async def test_the_metadata_of_the_server_are_where_clients_look(api: Api, address: str) -> None:
    answer = await api.client.get(address)
    assert answer.json() == {
        "issuer": BASE,
        "authorization_endpoint": f"{BASE}/oauth/authorize",
        "token_endpoint": f"{BASE}/oauth/token",
        "registration_endpoint": f"{BASE}/oauth/register",
        "revocation_endpoint": f"{BASE}/oauth/revoke",
        "scopes_supported": ["tasks:read", "tasks:write", "offline_access"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": [
            "none",
            "client_secret_post",
            "client_secret_basic",
            "private_key_jwt",
        ],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
        "revocation_endpoint_auth_methods_supported": [
            "none",
            "client_secret_post",
            "client_secret_basic",
            "private_key_jwt",
        ],
        "revocation_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
        "client_id_metadata_document_supported": True,
        "authorization_response_iss_parameter_supported": True,
    }


@pytest.mark.parametrize("address", [RESOURCE, f"{RESOURCE}/mcp"])
async def test_the_resource_is_the_address_that_people_paste_and_its_server_the_bare_origin(
    api: Api, address: str
) -> None:
    found = (await api.client.get(address)).json()
    assert (found["resource"], found["authorization_servers"]) == (MCP, [BASE])
    assert found["bearer_methods_supported"] == ["header"]


async def test_who_has_no_token_is_led_there(api: Api) -> None:
    answer = await api.client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert answer.status_code == 401
    challenge = answer.headers["www-authenticate"]
    assert f'resource_metadata="{BASE}/.well-known/oauth-protected-resource/mcp"' in challenge
    assert 'scope="tasks:read tasks:write"' in challenge


@pytest.mark.parametrize(
    "address",
    [
        "/.well-known/nothing",
        "/.well-known/oauth-authorization-server/other",
        "/.well-known/openid-configuration/oauth",
        "/.well-known/oauth-protected-resource/mcp/x",
        "/mcp/.well-known/openid-configuration",
        "/.well-known/jwks.json",
    ],
)
async def test_an_unknown_well_known_address_is_a_json_404_and_never_401(api: Api, address: str) -> None:
    answer = await api.client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")
    assert answer.json()["detail"]["code"] == "NOT_FOUND"


async def test_the_openapi_document_leaves_the_protocols_addresses_out(api: Api) -> None:
    paths = api.paths()
    assert [path for path in paths if "oauth" in path or "consent" in path] == []
    assert {"/api/users/{user_id}/connections", "/api/users/{user_id}/connections/{connection_id}"} <= paths.keys()
