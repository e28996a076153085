"""Which texts are equal in find and filter, and the positions of matches."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatkit_tui.text.folding import Query, fold
from chatkit_tui.text.plain import set_plain
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.unicode_data import MARK, SELECTOR, SKIN, kinds

SAME = [
    ("café", "cafe\u0301"),
    ("a b", "a\u00a0b"),
    ("1 000", "1\u202f000"),
    ("日本 語", "日本\u3000語"),
    ("a b", "a \u2009\n\t b"),
    ("a b", "a \u200b b"),
    ("istanbul", "İstanbul"),
    ("istanbul", "I\u0307STANBUL"),
    ("istanbul", "İSTANBUL".lower()),
    ("istanbul", "ISTANBUL"),
    ("ırmak", "IRMAK"),
    ("ırmak", "irmak"),
    ("strasse", "Straße"),
    ("straße", "STRASSE"),
    ("οδος", "ΟΔΟΣ"),
    ("file", "ﬁle"),
    ("abc", "ＡＢＣ"),
    ("バグ", "ﾊﾞｸﾞ"),
    ("한글", unicodedata.normalize("NFD", "한글")),
    ("...", "…"),
    ("don't", "don’t"),
    ("e-mail", "e\u2011mail"),
    ("میخواهم", "می\u200cخواهم"),
    ("foobar", "foo\u200dbar"),
    ("foobar", "foo\u00adbar"),
    ("foobar", "\ufefffoo\u202ebar"),
    ("❤", "❤\ufe0f"),
    ("q\u0303", "q\u200b\u0303"),
    ("e\u0323\u0302", "ệ"),
]
DIFFERENT = [
    ("cafe", "café"),
    ("cafe", "cafe\u0301"),
    ("q", "q\u0303"),
    ("は", "ば"),
    ("は", "は\u3099"),
    ("하", "한"),
    ("ab", "a b"),
    ("ab", "a⟨U+001B⟩b"),
    ("ab", "a⟨U+E000⟩b"),
    (" ", "´"),
]


@pytest.mark.parametrize(("query", "text"), SAME)
def test_texts_that_read_the_same_are_found_whole(query: str, text: str) -> None:
    assert Query(query, capitals=False).count(f"x {text} y") == 1
    (span,) = Query(query, capitals=False).spans(f"x{text}y")
    assert f"x{text}y"[slice(*span)] == text.lstrip("\ufeff")
    assert Query(text, capitals=False).count(query) == 1


@pytest.mark.parametrize(("query", "text"), DIFFERENT)
def test_texts_that_read_differently_are_not(query: str, text: str) -> None:
    assert Query(query).count(text) == 0
    assert Query(query).spans(text) == []
    assert not Query(query).is_in(Query(query).fold(text).text)


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("s", "ß s", ["ß", "s"]),
        ("se", "Straße", ["ße"]),
        ("f", "eﬀort", ["ﬀ"]),
        ("👩", "👩\u200d🚀 👩🏽 👩", ["👩\u200d🚀", "👩🏽", "👩"]),
        ("🚀", "👩\u200d🚀 🚀", ["👩\u200d🚀", "🚀"]),
        ("🇩", "🇩🇪🇫🇷", ["🇩🇪"]),
        ("1", "1\ufe0f\u20e3 1", ["1\ufe0f\u20e3", "1"]),
        ("क", "का क", ["का", "क"]),
        ("กา", "กา", ["กา"]),
        ("a", "a⟨U+200B⟩b", ["a"]),
        ("b", "a⟨U+200B⟩b", ["b"]),
        ("aa", "aaaa", ["aa", "aa"]),
        ("a b", "a\n\n  b", ["a\n\n  b"]),
        (" b", "a \u00a0 b", [" \u00a0 b"]),
    ],
)
def test_a_match_covers_whole_characters(query: str, text: str, marked: list[str]) -> None:
    spans = Query(query).spans(text)
    assert [text[start:end] for start, end in spans] == marked
    assert Query(query).count(text) == len(marked)


def test_case_matters_if_the_query_has_capitals_but_compatibility_forms_never_do() -> None:
    assert Query("İstanbul").count("İstanbul I\u0307stanbul istanbul ISTANBUL") == 2
    assert Query("É").count("é É E\u0301") == 2
    assert Query("É", capitals=False).count("é É E\u0301") == 3


def test_symbols_are_found_by_a_query_that_names_them() -> None:
    text = sanitize("pay\u202eload \u200b")
    for query, marked in (
        ("\u202e", "⟨U+202E⟩"),
        ("U+202e", "U+202E"),
        ("⟨", "⟨"),
        ("y\u202el", None),
        ("y⟨U+202E⟩l", "y⟨U+202E⟩l"),
    ):
        spans = [text[start:end] for start, end in Query(query, capitals=False).spans(text)]
        assert spans[:1] == [marked or "y⟨U+202E⟩l"]


def test_symbols_are_ignored() -> None:
    assert Query("foobar").spans("a foo⟨U+200D⟩bar") == [(2, 16)]


def test_ascii_symbols_are_ignored() -> None:
    set_plain(True)
    text = sanitize("foo\u200dbar")
    assert text == "foo<U+200D>bar"
    assert Query("foobar").spans(text) == [(0, len(text))]
    assert Query("\u200d").count(text) == 1


@pytest.mark.parametrize("text", ["", "\u200b", "   "])
def test_an_empty_query_finds_nothing(text: str) -> None:
    assert Query(text).spans("nothing") == []
    assert Query("").spans(text) == []


ALPHABET = st.one_of(
    st.sampled_from(
        "aAbsSiIıİßéeE\u0301\u0307\u0323 \n\u00a0\u3000\u200b\u200c\u200d\ufe0f⟨⟩<>U+200D"
        "👩🚀🏽🇩🇪1\u20e3ﬁﬀ…ｶﾞ한\u1112\u1161\u11abकाि्ระุ\u064e"
    ),
    st.characters(),
)
TEXTS = st.text(ALPHABET, max_size=30)


@given(text=TEXTS, case=st.booleans())
@example(text="i\u0323\u0307", case=True)
@example(text="\u1e9e\u0345", case=True)
def test_folding_twice_has_no_further_effect(text: str, case: bool) -> None:
    folded = fold(text, case=case).text
    assert fold(folded, case=case).text == folded


@given(TEXTS)
def test_normal_forms_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)).text == fold(text).text
    assert fold(unicodedata.normalize("NFC", text)).text == fold(text).text


@pytest.mark.slow
@given(TEXTS, TEXTS.filter(bool), TEXTS)
def test_a_text_is_found_in_itself_and_between_others(before: str, text: str, after: str) -> None:
    whole = sanitize(text, breaks=True)
    assert Query(whole).spans(whole) or not whole.strip()
    between = f"{sanitize(before, breaks=True)}| {whole} |{sanitize(after, breaks=True)}"
    assert Query(f"| {whole} |").count(between) >= 1


@pytest.mark.slow
@given(TEXTS, st.text(ALPHABET, min_size=1, max_size=3))
def test_spans_are_whole_ordered_and_contain_the_query(text: str, needle: str) -> None:
    query = Query(needle)
    spans = query.spans(text)
    assert query.count(text) == len(spans)
    assert query.is_in(query.fold(text).text) is bool(spans)
    done = 0
    for start, end in spans:
        assert done <= start < end <= len(text)
        done = end
        assert kinds(text[end : end + 1]) not in {MARK, SELECTOR, SKIN}
        assert query.count(text[start:end]) >= 1


@given(TEXTS, st.text(ALPHABET, min_size=1, max_size=4), st.text(ALPHABET, min_size=1, max_size=2))
def test_a_longer_query_matches_only_where_the_shorter_one_does(
    text: str, shorter: str, more: str
) -> None:
    before, after = Query(shorter), Query(shorter + more)
    if after.narrows(before) and not before.count(text):
        assert not after.count(text)
