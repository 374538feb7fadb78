"""Methods that an address does not take. No operation lists 405: one that is listed is taken (RFC 9110, 15.5.6)."""

import re

from tests.http.conftest import Api

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "QUERY", "PROPFIND"}
UNLISTED = {"HEAD", "OPTIONS"}
FOR_BROWSERS = {"/api/mail/unsubscribe": {"GET"}}
"""Methods that lead to the page, and are no operations of the API."""


async def test_every_other_method_is_told_which_there_are(api: Api) -> None:
    tried = 0
    for path, operations in api.paths().items():
        listed = {method.upper() for method in operations} | FOR_BROWSERS.get(path, set())
        for method in METHODS - listed - (UNLISTED if "GET" in listed else set()):
            answer = await api(method, re.sub(r"\{\w+\}", "1", path))
            allowed = set(answer.headers["Allow"].split(", "))
            assert (answer.status_code, allowed - UNLISTED) == (405, listed), (method, path)
            if method != "HEAD":
                detail = answer.json()["detail"]
                assert detail["code"] == "METHOD_NOT_ALLOWED"
                assert detail["request_id"] == answer.headers["X-Request-ID"]
            tried += 1
    assert tried > 6 * len(api.paths())


async def test_the_document_says_it_once(api: Api) -> None:
    document = (await api("GET", "/openapi.json")).json()
    assert "405" in document["info"]["description"]
    operations = [each for path in document["paths"].values() for each in path.values()]
    assert not [each["operationId"] for each in operations if "405" in each["responses"]]
