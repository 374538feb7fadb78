"""How `BoundedHttp` behaves is in tests/integration/server/test_protocol.py: this is what it calls by name."""

import inspect
from inspect import isfunction

import pytest
from uvicorn.protocols.http import httptools_impl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from adapters.http.internals.uvicorn_protocol import BoundedHttp

OURS = ("_refuse",)
OVERRIDDEN = sorted(name for name, value in vars(BoundedHttp).items() if isfunction(value) and name not in OURS)


@pytest.mark.parametrize("name", OVERRIDDEN)
def test_what_is_overridden_is_there_with_the_same_parameters(name: str) -> None:
    theirs, ours = getattr(HttpToolsProtocol, name), getattr(BoundedHttp, name)
    assert list(inspect.signature(theirs).parameters) == list(inspect.signature(ours).parameters)


@pytest.mark.parametrize("name", ["timeout_keep_alive", "timeout_keep_alive_task", "cycle", "transport", "loop"])
def test_a_connection_keeps_what_is_used_of_it(name: str) -> None:
    assert f"self.{name}" in inspect.getsource(HttpToolsProtocol)


@pytest.mark.parametrize("name", ["keep_alive", "response_started", "response_complete"])
def test_a_request_keeps_what_is_used_of_it(name: str) -> None:
    assert f"self.{name} = " in inspect.getsource(RequestResponseCycle)


@pytest.mark.parametrize("name", ["_unset_keepalive_if_required", "timeout_keep_alive_handler"])
def test_what_is_called_is_there(name: str) -> None:
    assert callable(getattr(httptools_impl.HttpToolsProtocol, name))
