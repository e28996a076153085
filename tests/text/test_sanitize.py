"""What `sanitize` passes, and the symbols for the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.text.sanitize import MARKS, hidden_count, pieces, sanitize
from chatkit_tui.text.unicode_data import kinds
from tests.text.hazards import hazards_in

HAZARDS = (
    [chr(point) for point in (*range(0x20), *range(0x7F, 0xA0))]
    + list("\u00ad\u034f\u061c\u115f\u1160\u180b\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029")
    + list("\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2064\u2066\u2067\u2068\u2069\u206f\u3164")
    + list("\ufe00\ufe0e\ufe0f\ufeff\uffa0\ufff9\ufffe\uffff\ue000\uf8ff\ud800\udfff\ufdd0")
    + list("\U000e0001\U000e0041\U000e007f\U000e0100\U000f0000\U00100000\U0001f3fb\U0001f1e6")
)
"""A control or hidden character of each family."""

EVERY_PLANE = (*range(0x33480), *range(0xE0000, 0xE1010), 0xF0000, 0x100000, 0x10FFFF)
"""All code points that are assigned, and samples of the private planes."""

texts = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from(HAZARDS),
        st.sampled_from("a1#😀❤★🏴👍é\u0301\u0489가한अनि\u0e33ـ\n\t"),
    ),
    max_size=30,
)


@given(texts, st.booleans())
def test_sanitized_text_has_no_control_or_hidden_character(text: str, plain: bool) -> None:
    assert hazards_in(sanitize(text, plain=plain)) == []


def test_a_symbol_of_several_characters_does_not_shield_those_behind_it() -> None:
    assert sanitize("a\nb\x1b[31m", plain=True) == "a<LF>b<ESC>[31m"
    assert sanitize("a\r\nb\u202e", plain=True) == "a<LF>b<U+202E>"


@given(texts, st.booleans())
def test_sanitizing_twice_has_no_further_effect(text: str, plain: bool) -> None:
    once = sanitize(text, plain=plain)
    assert sanitize(once, plain=plain) == once


@given(texts, st.booleans())
def test_the_pieces_add_up_to_the_sanitized_text(text: str, plain: bool) -> None:
    for breaks in (False, True):
        joined = "".join(piece.text for piece in pieces(text, breaks=breaks, plain=plain))
        assert joined == sanitize(text, breaks=breaks, plain=plain)


def test_every_hazard_becomes_a_symbol_and_is_counted() -> None:
    for hazard in (character for character in HAZARDS if character not in "\t\n"):
        shown = sanitize(f"a{hazard}b")
        assert shown[0] == "a", ascii(hazard)
        assert shown[-1] == "b", ascii(hazard)
        assert hazard not in shown, ascii(hazard)
        assert len(shown) > 2, ascii(hazard)
        assert hidden_count(f"a{hazard}b") == 1, ascii(hazard)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\x00b\x7f", "a␀b␡"),
        ("invoice\u202egpj.exe", "invoice⟨U+202E⟩gpj.exe"),
        ("pay\u200bpal", "pay⟨U+200B⟩pal"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("\ud83d", "⟨U+D83D⟩"),
        ("a\tb", "a   b"),
        ("abcd\te", "abcd    e"),
        ("one\rtwo", "one␍two"),
    ],
)
def test_a_symbol_names_its_character(text: str, shown: str) -> None:
    assert sanitize(text) == shown


def test_line_breaks_stay_if_requested() -> None:
    assert sanitize("one\r\ntwo\nthree", breaks=True) == "one\ntwo\nthree"


def test_line_breaks_become_symbols_in_a_single_line() -> None:
    assert sanitize("one\r\ntwo\nthree") == "one␊two␊three"


@pytest.mark.parametrize(
    "text",
    [
        "Grüße aus Köln",
        "Привет, мир",
        "こんにちは、世界",
        "안녕하세요",
        "ᄒᆞᆫ글",
        "שלום עולם",
        "مرحبا بالعالم",
        "नमस्ते",
        "สวัสดีครับ",
        "Vũ Đức — “quoted” … 100 €",
    ],
)
def test_every_script_is_ordinary_text(text: str) -> None:
    assert sanitize(text) == text
    assert hidden_count(text) == 0


@pytest.mark.parametrize(
    "emoji",
    ["👍🏽", "🇩🇪", "👨‍👩‍👧‍👦", "❤️", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏳️‍🌈", "🧔‍♂️", "👩🏽‍❤️‍💋‍👨🏽", "☎︎"],
)
def test_an_emoji_of_several_characters_stays_whole(emoji: str) -> None:
    assert sanitize(emoji) == emoji
    assert hidden_count(emoji) == 0


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("a\ufe0f", 1),  # a selector on a letter
        ("★\ufe0f", 1),  # on a symbol that is no emoji
        ("😀\ufe0f\ufe0f", 1),  # a second one
        ("😀\u200da", 1),  # a joiner that joins nothing
        ("🏴\U000e0067\U000e0062\U000e007f", 3),  # tags that spell no flag
        ("😀" + "\U000e0068\U000e0069", 2),  # words hidden behind an emoji
        ("😀" + "\u200d😀" * 20, 4),  # longer than any real emoji
    ],
)
def test_the_parts_of_an_emoji_are_symbols_outside_an_emoji(text: str, hidden: int) -> None:
    assert hidden_count(text) == hidden


@pytest.mark.parametrize(
    "word",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: I want
        "\u062e\u0627\u0646\u0647\u200c\u0627\u0645",  # Persian: my house
        "\u0915\u094d\u200c\u0937",  # Devanagari: two letters, the first without its vowel
        "\u09b0\u200d\u09cd\u09af\u09be\u09ac",  # Bengali: RAB
    ],
    ids=ascii,
)
def test_a_joiner_in_the_spelling_of_a_script_is_ordinary_text(word: str) -> None:
    assert sanitize(word) == word
    assert hidden_count(word) == 0


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u0937"),  # Devanagari: a half form
        ("\u0dc1\u0dca\u200d\u0dbb\u0dd3", "\u0dc1\u0dca\u0dbb\u0dd3"),  # Sinhala: Sri
    ],
    ids=ascii,
)
def test_a_joiner_that_changes_the_width_is_neither_sent_nor_counted(word: str, shown: str) -> None:
    assert sanitize(word) == shown
    assert hidden_count(word) == 0


@pytest.mark.parametrize(
    "text",
    [
        "pay\u200cpal",
        "pay\u200dpal",
        "\u0645\u200c",  # at the end of a Persian word
        "\u0627\u200c\u0645",  # after a letter that joins nothing that follows
        "\u0645\u200c\u200c\u062e",  # a second one
        "\u0645\u200d\u062e",  # a joiner between letters that join anyhow
        "\u0915\u200d\u0937",  # without a virama
        "o\u0ccd\u200co",  # a virama of another script
        "\u0915\u094d\u200co",
        "\u0915\u094d\u200d\u094d",  # marks that would stack
        "\u0915" + "\u094d" * 9 + "\u200c\u0937",
    ],
    ids=ascii,
)
def test_a_joiner_anywhere_else_is_a_symbol(text: str) -> None:
    assert "⟨U+200" in sanitize(text)
    assert hidden_count(text) > 0


def test_combining_marks_beyond_the_limit_are_counted() -> None:
    assert sanitize("e" + "\u0301" * (MARKS + 12) + "!") == "e" + "\u0301" * MARKS + "⟨+12 marks⟩!"


def test_a_mark_without_a_letter_gets_a_circle() -> None:
    assert sanitize("\u0301a\n\u0301b", breaks=True) == "◌\u0301a\n◌\u0301b"


def test_a_mark_does_not_combine_with_the_symbol_before_it() -> None:
    assert sanitize("\x1b\u0301") == "␛\u0301"


def test_clean_text_comes_back_as_the_same_object() -> None:
    for text in ("plain ASCII", "Grüße", "日本語"):
        assert sanitize(text) is text


@pytest.mark.slow
def test_the_fast_path_passes_only_safe_characters() -> None:
    passed = [sign for sign in map(chr, EVERY_PLANE) if sanitize(sign) == sign]
    troubled = [hex(ord(c)) for c in passed if kinds(c) not in {".", "E", "K"}]
    assert troubled == []


@pytest.mark.parametrize("hidden", ["\ufe0f", "\ufe00", "\u034f", "\u180b"], ids=ascii)
def test_a_joiner_behind_a_hidden_mark_is_hidden_too(hidden: str) -> None:
    shown = sanitize(f"\u06cc{hidden}\u200c\u062e")
    assert shown == f"\u06cc⟨U+{ord(hidden):04X}⟩⟨U+200C⟩\u062e"
    assert sanitize(shown) == shown
