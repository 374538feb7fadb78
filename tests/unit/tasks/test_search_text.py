from typing import Literal, get_args
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.tasks.words.search_text import MAX_TEXT_LENGTH, MAX_WORD_LENGTH, phrases_of, words_of
from domain.text import CharacterTable

WORDS = {
    "": [],
    " ... ": [],
    "Buy milk": ["buy", "milk"],
    "don't re-use v2, 3.12 or snake_case!": ["don", "t", "re", "use", "v2", "3", "12", "or", "snake", "case"],
    "**bold** <b>&amp;": ["bold", "b", "amp"],
    "mail@example.com": ["mail", "example", "com"],
    "Über STRASSE straße": ["uber", "strasse", "strasse"],
    "IŞIK ışık İzmir": ["isik", "isik", "izmir"],
    "ΟΔΟΣ οδός": ["οδοσ", "οδοσ"],
    "Đi chợ Việt Nam": ["di", "cho", "viet", "nam"],
    "cafe\u0301 café": ["cafe", "cafe"],
    "Ёлка": ["елка"],
    "हिन्दी में": ["हिन्दी", "में"],
    "东京，大阪。": ["东", "京", "大", "阪"],
    "東京タワーtokyo": ["東", "京", "タ", "ワ", "ー", "tokyo"],
    "ｶﾞｽ": ["ガ", "ス"],
    "주간 회의를": ["주", "간", "회", "의", "를"],
    "รถไฟ": ["ร", "ถ", "ไ", "ฟ"],
    "paint🎨it": ["paint", "🎨", "it"],
    "👍🏽 🇩🇪 ❤️": ["👍", "🏽", "🇩", "🇪", "❤"],
    "1️⃣ x² ½": ["1", "x2", "1", "2"],
    "𠮷野家": ["𠮷", "野", "家"],
    "שָׁלוֹם مُحَمَّد": ["שלום", "محمد"],
    "soft\u00adhyphen zero\u200bwidth": ["softhyphen", "zerowidth"],
}
FOUND = [
    ("uber", "Über den Wolken"),
    ("ÜBER", "uber cool"),
    ("mil", "Buy milk"),
    ("milk bu", "Buy milk"),
    ("strasse", "Straße fegen"),
    ("straß", "STRASSE"),
    ("izm", "İZMİR"),
    ("οδος", "ΟΔΟΣ"),
    ("di cho", "đi chợ"),
    ("viet", "Vie\u0323\u0302t Nam"),
    ("京", "東京都"),
    ("東京", "新東京駅"),
    ("会議", "来週の会議の準備"),
    ("회의", "주간회의를 준비"),
    ("ไฟ", "รถไฟฟ้า"),
    ("ガス", "ｶﾞｽ料金"),
    ("🎨", "paint🎨it"),
    ("👍", "great 👍🏽"),
    ("tokyo", "東京tokyo"),
    ("don’t", "Don't panic"),
    ("हिन्दी", "हिन्दी में लिखो"),
]
NOT_FOUND = [
    ("ilk", "Buy milk"),
    ("bu milk", "Buy milk"),
    ("京東", "東京都"),
    ("パパ", "ハハ"),
    ("🇩🇪", "🇪🇩"),
    ("paper", "paint"),
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
FORMS: st.SearchStrategy[Form] = st.sampled_from(get_args(Form))


@pytest.mark.parametrize(("text", "words"), WORDS.items())
def test_a_text_has_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(("asked", "text"), FOUND)
def test_a_text_is_found(asked: str, text: str) -> None:
    assert finds(asked, text)


@pytest.mark.parametrize(("asked", "text"), NOT_FOUND)
def test_another_text_is_not_found(asked: str, text: str) -> None:
    assert not finds(asked, text)


def test_accents_may_count() -> None:
    assert words_of("Über U\u0308BER uber", with_accents=True) == ["über", "über", "uber"]
    assert words_of("Ｓtraße đi", with_accents=True) == ["strasse", "đi"]


def test_words_with_nothing_between_them_are_a_phrase() -> None:
    assert phrases_of("東京 tower 👍🏽 a-b") == [["東", "京"], ["tower"], ["👍", "🏽"], ["a"], ["b"]]


def test_of_a_long_word_its_beginning_is_kept() -> None:
    assert words_of("a" * 16_000) == ["a" * MAX_WORD_LENGTH]
    assert words_of("é" * 16_000) == ["e" * MAX_WORD_LENGTH]
    assert words_of("é" * 16_000, with_accents=True) == ["é" * MAX_WORD_LENGTH]


def test_a_character_that_stands_for_four_words_is_not_looked_at_for_ever() -> None:
    assert sum(map(len, words_of("\ufdfa" * 16_000))) <= MAX_TEXT_LENGTH


@given(TEXTS, FORMS, st.booleans())
def test_normal_forms_have_the_same_words(text: str, form: Form, with_accents: bool) -> None:
    assert words_of(normalize(form, text), with_accents=with_accents) == words_of(text, with_accents=with_accents)


@given(TEXTS)
def test_words_are_words_of_themselves(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words


@given(TEXTS, TEXTS)
def test_words_of_two_texts_are_those_of_both(one: str, other: str) -> None:
    assert words_of(f"{one} . {other}") == words_of(one) + words_of(other)


@given(st.text(max_size=60))
def test_a_text_is_found_by_itself(text: str) -> None:
    assert finds(text, text)


def test_what_characters_become_is_not_kept_without_end() -> None:
    table = CharacterTable(str.upper)
    assert "".join(map(chr, range(0x4E00, 0x9000))).translate(table)
    assert "ab".translate(table) == "AB"
    assert len(table) <= CharacterTable.MAX_KEPT


def finds(asked: str, text: str) -> bool:
    """As search does: all phrases are in the text, and of the last word, its beginning is enough."""
    words = words_of(text)
    *phrases, last = phrases_of(asked) or [[""]]
    return all(_has(words, phrase) for phrase in phrases) and _has(words, last, is_begun=True)


def _has(words: list[str], phrase: list[str], is_begun: bool = False) -> bool:
    size = len(phrase)
    places = (words[at : at + size] for at in range(len(words) - size + 1))
    return any(
        place[:-1] == phrase[:-1] and (place[-1].startswith(phrase[-1]) if is_begun else place[-1] == phrase[-1])
        for place in places
    ) or phrase == [""]
