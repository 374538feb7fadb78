import pytest

from tests.http.conftest import ATTEMPTS, Api

ANN = {"email": "ann@example.com", "password": "password1"}


@pytest.mark.parametrize("path", ["signup", "register"])
async def test_signing_up_answers_with_a_token_that_works(path: str) -> None:
    api = Api()
    answer = await api("POST", f"/api/auth/{path}", json=ANN | {"name": "Ann"})
    assert answer.status_code == 201
    user = answer.json()["user"]
    assert user == {
        "id": "id-1",
        "email": "ann@example.com",
        "name": "Ann",
        "created_at": "2026-11-23T09:00:00Z",
        "email_confirmed": False,
        "timezone": "UTC",
        "week_start": "monday",
        "locale": "en",
        "reminder_time": "09:00",
    }
    me = await api("GET", "/api/auth/me", headers={"Authorization": f"Bearer {answer.json()['token']}"})
    assert (me.status_code, me.json()) == (200, user)


@pytest.mark.parametrize("path", ["signin", "login"])
async def test_signing_in_answers_as_signing_up(api: Api, path: str) -> None:
    answer = await api("POST", f"/api/auth/{path}", json=ANN)
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "user"}


async def test_a_taken_email_says_so(api: Api) -> None:
    answer = await api("POST", "/api/auth/signup", json=ANN)
    assert (answer.status_code, answer.json()["detail"]["code"]) == (400, "EMAIL_EXISTS")


async def test_wrong_password_and_unknown_email_get_the_same_bytes(api: Api) -> None:
    headers = {"X-Request-ID": "same"}
    wrong = await api("POST", "/api/auth/signin", json=ANN | {"password": "wrong"}, headers=headers)
    unknown = await api("POST", "/api/auth/signin", json=ANN | {"email": "bob@example.com"}, headers=headers)
    assert (wrong.status_code, wrong.json()["detail"]["code"]) == (401, "INVALID_CREDENTIALS")
    assert wrong.content == unknown.content


async def test_a_forgotten_password_is_reset(api: Api) -> None:
    asked = await api("POST", "/api/auth/forgot-password", json={"email": "ann@example.com"})
    token = asked.json()["reset_link"].partition("?token=")[2]
    reset = await api("POST", "/api/auth/reset-password", json={"token": token, "new_password": "new password"})
    assert (reset.status_code, set(reset.json())) == (200, {"message"})
    again = await api("POST", "/api/auth/reset-password", json={"token": token, "new_password": "new password"})
    assert (again.status_code, again.json()["detail"]["code"]) == (400, "INVALID_RESET_TOKEN")
    signed_in = await api("POST", "/api/auth/signin", json=ANN | {"password": "new password"})
    assert signed_in.status_code == 200


async def test_outside_development_the_answer_tells_nothing_about_the_email() -> None:
    api = Api(shows_links=False)
    await api.sign_up("ann")
    answers = [
        await api("POST", "/api/auth/forgot-password", json={"email": email})
        for email in ("ann@example.com", "nobody@example.com")
    ]
    assert answers[0].content == answers[1].content
    assert answers[0].json()["reset_link"] is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer forged"},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Authorization": "token-of-id-1"},
    ],
)
async def test_without_a_good_token_nothing_is_open(api: Api, headers: dict[str, str]) -> None:
    api.headers = {}
    answer = await api("GET", "/api/auth/me", headers=headers)
    assert (answer.status_code, answer.json()["detail"]["code"]) == (401, "UNAUTHORIZED")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_too_many_sign_ins_say_when_to_come_back(api: Api) -> None:
    for _ in range(ATTEMPTS):
        await api("POST", "/api/auth/signin", json=ANN | {"password": "guess"})
    answer = await api("POST", "/api/auth/signin", json=ANN)
    assert (answer.status_code, answer.json()["detail"]["code"]) == (429, "RATE_LIMITED")
    assert answer.headers["Retry-After"] == "60"


@pytest.mark.parametrize(("proxies", "last"), [((), 429), (("127.0.0.1",), 201)])
async def test_a_forwarded_address_counts_only_where_the_proxy_is_trusted(proxies: tuple[str, ...], last: int) -> None:
    api = Api(proxies=proxies)
    for number in range(ATTEMPTS + 1):
        form = {"email": f"user{number}@example.com", "password": "password1"}
        forwarded = {"X-Forwarded-For": f"203.0.113.{number}"}
        answer = await api("POST", "/api/auth/signup", json=form, headers=forwarded)
    assert answer.status_code == last


async def test_behind_a_proxy_what_the_client_itself_forwards_changes_nothing() -> None:
    api = Api(proxies=("127.0.0.1",))
    for number in range(ATTEMPTS + 1):
        form = {"email": f"user{number}@example.com", "password": "password1"}
        forwarded = {"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.2"}
        answer = await api("POST", "/api/auth/signup", json=form, headers=forwarded)
    assert answer.status_code == 429


async def test_a_reset_by_mail_says_what_it_has_ended_and_marks_the_email_as_confirmed(api: Api) -> None:
    token = (await api("POST", "/api/users/me/tokens", json={"name": "x"})).json()["token"]
    for port in (1, 2):
        hook = await api("POST", "/api/users/me/webhooks", json={"url": f"https://hooks.example.com:{port}/x"})
        assert hook.status_code == 201
    as_program = {"Authorization": f"Bearer {token}"}
    assert (await api("GET", "/api/users/me/tasks", headers=as_program)).status_code == 200
    asked = await api("POST", "/api/auth/forgot-password", json={"email": "ann@example.com"})
    link = asked.json()["reset_link"].partition("?token=")[2]
    reset = await api("POST", "/api/auth/reset-password", json={"token": link, "new_password": "new password"})
    assert "all sessions, 1 API token and 2 webhooks" in reset.json()["message"]
    assert (await api("GET", "/api/users/me/tasks", headers=as_program)).status_code == 401
    assert (await api("GET", "/api/users/me/tasks")).status_code == 401
    session = (await api("POST", "/api/auth/signin", json=ANN | {"password": "new password"})).json()
    assert session["user"]["email_confirmed"] is True
    again = {"Authorization": f"Bearer {session['token']}"}
    assert (await api("GET", "/api/users/me/webhooks", headers=again)).json()["webhooks"] == []


@pytest.mark.parametrize("answered", [{}, {"end_tokens_and_webhooks": None}, {"end_tokens_and_webhooks": False}])
async def test_a_changed_password_keeps_tokens_and_webhooks_where_it_is_not_told_otherwise(
    api: Api, answered: dict[str, bool | None]
) -> None:
    await api("POST", "/api/users/me/tokens", json={"name": "x"})
    form = {"current_password": "password1", "new_password": "password2"}
    changed = await api("POST", "/api/auth/change-password", json=form | answered)
    assert "still has it: 1 API token and no webhooks" in changed.json()["message"]
    ending = {"current_password": "password2", "new_password": "password3", "end_tokens_and_webhooks": True}
    ended = await api("POST", "/api/auth/change-password", json=ending)
    assert "has ended: 1 API token and no webhooks" in ended.json()["message"]
    assert (await api("GET", "/api/users/me/tokens")).json()["tokens"] == []
    last = {"current_password": "password3", "new_password": "password4"}
    assert (await api("POST", "/api/auth/change-password", json=last)).json()["message"].endswith("nowhere else.")
