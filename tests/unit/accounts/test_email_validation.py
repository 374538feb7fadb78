import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.auth.email_validation import EmailValidation
from domain.errors import Invalid

ACCEPTED = {
    "bob@example.com": "bob@example.com",
    "bob@example.test": "bob@example.test",
    " bob@example.com\n": "bob@example.com",
    "Bob.Miller+todo@EXAMPLE.com": "Bob.Miller+todo@example.com",
    "o'neil_1@mail.example.co.uk": "o'neil_1@mail.example.co.uk",
    "POSTMASTER@example.com": "postmaster@example.com",
    "zoë@example.com": "zoë@example.com",
    unicodedata.normalize("NFD", "zoë@example.com"): "zoë@example.com",
    "info@BÜCHER.example": "info@bücher.example",
    "info@xn--bcher-kva.example": "info@bücher.example",
    "日本@例え.テスト": "日本@例え.テスト",
    "a" * 64 + "@example.com": "a" * 64 + "@example.com",
}

REFUSED = {
    "": "must have an @-sign",
    "bob": "must have an @-sign",
    "@": "something before the @-sign",
    "@example.com": "something before the @-sign",
    "bob@": "something after the @-sign",
    "bob@@example.com": "invalid characters",
    "bob@example": "should have a period",
    "bob@test": "should have a period",
    "bob@localhost": "should have a period",
    "bob@printer.local": "special-use",
    "bob@example.invalid": "special-use",
    "bob@hidden.onion": "special-use",
    "bob@127.0.0.1": "top-level domain",
    "bob@[127.0.0.1]": "not allowed",
    "bob@example..com": "two periods",
    ".bob@example.com": "start with a period",
    "bob.@example.com": "period",
    "bob miller@example.com": "SPACE",
    "bob@exam ple.com": "SPACE",
    '"bob miller"@example.com': "not allowed",
    "Bob <bob@example.com>": "not permitted",
    "mailto:bob@example.com": "invalid characters",
    "bob@example.com, eve@example.com": "invalid characters",
    "bob@example.com\r\nBcc: eve@example.com": "invalid characters",
    "bob\x00@example.com": "invalid characters",
    "bob\ud800@example.com": "unsafe characters",
    "bob\u202e@example.com": "unsafe characters",
    "bob\u200b@example.com": "unsafe characters",
    "a" * 65 + "@example.com": "too long",
    "bob@" + "a" * 64 + ".com": "so many characters",
    "a" * 60 + "@" + ".".join(["b" * 60] * 4): "too long|at most 254",
    "é" * 60 + "@" + ".".join(["ü" * 20] * 8) + ".com": "too long",
    "a" * 1_000_000: "at most 254 characters",
    "@" * 100_000: "at most 254 characters",
}


@pytest.mark.parametrize(("given", "stored"), ACCEPTED.items())
def test_an_address_is_stored_in_its_normal_form(given: str, stored: str) -> None:
    assert EmailValidation().normalize(given) == stored


@pytest.mark.parametrize(("given", "message"), REFUSED.items(), ids=range(len(REFUSED)))
def test_what_is_no_address_is_refused_with_a_reason_for_people(given: str, message: str) -> None:
    with pytest.raises(Invalid, match=message) as refused:
        EmailValidation().normalize(given)
    assert [error.field for error in refused.value.fields] == ["email"]
    assert len(refused.value.fields[0].message) < 200


parts = st.text("abAB.-_'+ üß日\u0301\u200d@\"<>[]1", max_size=20)


@given(st.text() | st.emails() | st.tuples(parts, parts).map("@".join))
def test_any_text_is_refused_or_in_normal_form_afterwards(text: str) -> None:
    try:
        stored = EmailValidation().normalize(text)
    except Invalid:
        return
    assert EmailValidation().normalize(stored) == stored
