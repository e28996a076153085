"""Markdown becomes blocks, and no word of it is lost."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatkit_tui.document.from_markdown import (
    LONGEST,
    LONGEST_PARAGRAPH,
    MOST_LINES,
    markdown_blocks,
)
from chatkit_tui.document.markdown_parser import DEEPEST
from chatkit_tui.document.spans import line_text
from chatkit_tui.render.layout import lay_out
from chatkit_tui.text.width import cells
from tests.render.drawing import frame, letters, spans_of, style_of
from tests.text.hazards import hazards_in
from tests.text.test_sanitize import texts

fragments = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "# ",
                "> ",
                "- ",
                "3. ",
                "    ",
                "\n",
                "\n\n",
                "```",
                "~~~py\n",
                "**",
                "_",
                "`",
                "[a](",
                "](",
                ")",
                "![",
                "|",
                "|-|-|\n",
                "---\n",
                "<b>",
                "<!--",
                "&amp;",
                "&#x202e;",
                "\\",
                "[x] ",
                "https://a.example/b",
                "<https://a.example>",
                "[r]: /u\n",
                "~~",
                "===\n",
                "\t",
                "\r\n",
            ]
        ),
        st.text("ab 日é", max_size=8),
        texts,
    ),
    max_size=25,
).map("".join)


def draw(text: str, width: int = 60) -> str:
    return frame(markdown_blocks(text), width)


ANSWER = dedent("""\
    ## Your order

    It was **sent** on *Monday*; see the [status page](https://shop.example/orders/1 "Orders").

    1. Open the app
    2. Choose `Returns`:
       - pick a reason
       - print the label

    > We are sorry
    > for the trouble.

    | Item | Price |
    |:-----|------:|
    | tea  |  4.50 |

    ```python
    total = 4.50  # paid
    ```
    ***
    - [x] refunded
    - [ ] delivered
""")


def test_a_typical_answer() -> None:
    assert draw(ANSWER, 44) == dedent("""\
        Your order

        It was sent on Monday; see the status page
        (https://shop.example/orders/1 "Orders").

        1. Open the app
        2. Choose Returns:
           • pick a reason
           • print the label

        │ We are sorry for the trouble.

        Item │ Price
        ─────┼──────
        tea  │  4.50

          total = 4.50  # paid

        ────────────────────────────────────────────

        [x] refunded
        [ ] delivered""")


def test_the_same_answer_at_half_the_width() -> None:
    assert draw(ANSWER, 22).startswith(
        dedent("""\
        Your order

        It was sent on Monday;
        see the status page
        (https://shop.example/
        orders/1 "Orders").

        1. Open the app
        2. Choose Returns:
           • pick a reason
           • print the label

        │ We are sorry for the
        │ trouble.""")
    )


@pytest.mark.parametrize(
    ("markdown", "text", "looks"),
    [
        ("**a**", "a", {"bold": True}),
        ("*a*", "a", {"italic": True}),
        ("~~a~~", "a", {"strike": True}),
        ("***a***", "a", {"bold": True, "italic": True}),
        ("`a`", "a", {"role": "code"}),
        ("# a", "a", {"role": "heading", "bold": True}),
        ("> a", "a", {"role": "quote"}),
        ("[a](https://b.example)", "a", {"role": "link", "link": "https://b.example"}),
        ("https://b.example", "b.ex", {"role": "link", "link": "https://b.example"}),
        ("|a|\n|-|\n|b|", "a", {"bold": True}),
    ],
)
def test_emphasis_and_code_have_styles(markdown: str, text: str, looks: dict[str, object]) -> None:
    style = style_of(markdown_blocks(markdown), text)
    assert {name: getattr(style, name) for name in looks} == looks


def test_a_list_keeps_its_first_number() -> None:
    assert draw("9. nine\n10. ten") == " 9. nine\n10. ten"


def test_a_loose_list_has_empty_lines_between_its_items() -> None:
    assert draw("- a\n\n- b") == "• a\n\n• b"


def test_lists_nest() -> None:
    assert draw("- a\n  - b\n    1. c\n- d") == "• a\n  • b\n    1. c\n• d"


def test_a_hard_break_breaks_and_a_soft_one_does_not() -> None:
    assert draw("a\\\nb\nc") == "a\nb c"


def test_an_address_that_is_the_text_of_its_link_is_shown_once() -> None:
    assert draw("<https://a.example/b> <me@a.example>") == "https://a.example/b me@a.example"


def test_the_address_behind_another_text_is_shown_in_full() -> None:
    assert draw("[https://bank.example](https://evil.example/login)") == (
        "https://bank.example (https://evil.example/login)"
    )


def test_a_host_in_look_alike_letters_is_shown_in_punycode() -> None:
    assert draw("[shop](https://аррӏе.com/)") == "shop (https://xn--80ak6aa92e.com/)"


@pytest.mark.parametrize(
    "text", ["[a](javascript:alert(1))", "[a](vbscript:x)", "[a](file:///etc/passwd)"]
)
def test_an_address_with_an_unsafe_scheme_is_text(text: str) -> None:
    assert draw(text) == text
    assert not any(span.style.link for span in spans_of(markdown_blocks(text)))


def test_an_address_that_cannot_be_a_link_is_shown_without_one() -> None:
    blocks = markdown_blocks("[a](//b.example) [c](https://u:p@d.example)")
    assert frame(blocks, 80) == "a (//b.example) c (https://u:p@d.example)"
    assert not any(span.style.link for span in spans_of(blocks))


def test_an_image_is_described_in_words() -> None:
    assert draw("![a cat](https://i.example/cat.png)") == "[image: a cat] https://i.example/cat.png"
    assert draw("![](x.png)") == "[image] x.png"


def test_an_image_that_is_a_link_shows_both_addresses() -> None:
    text = "[![logo](https://i.example/l.png)](https://b.example)"
    assert draw(text, 80) == "[image: logo] https://i.example/l.png (https://b.example)"


def test_cells_beyond_the_header_are_drawn() -> None:
    assert draw("|a|b|\n|-|-|\n|1|2|3|4|\n|5 \\| 6|7|") == (
        "a     │ b │   │\n──────┼───┼───┼──\n1     │ 2 │ 3 │ 4\n5 | 6 │ 7 │   │"
    )


def test_other_html_is_shown_unchanged() -> None:
    assert draw("<div>\n<p>x</p>\n</div>\n\nan <span>inline</span> tag") == (
        "<div>\n<p>x</p>\n</div>\n\nan <span>inline</span> tag"
    )


def test_an_entity_cannot_insert_a_hidden_character() -> None:
    assert draw("a&#x202e;b&amp;c") == "a⟨U+202E⟩b&c"


def test_an_unknown_language_of_code_is_named() -> None:
    assert draw("```klingon\nqapla\n```") == "klingon\n\n  qapla"
    assert draw("```python\npass\n```") == "  pass"


def test_a_definition_that_the_grammar_drops_is_shown() -> None:
    assert draw("see [a]\n\n[a]: https://b.example\n\n> [//]: # (a hidden word)") == (
        "see a (https://b.example)\n\n[a]: https://b.example\n\n│ [//]: # (a hidden word)"
    )


def test_nesting_beyond_the_limit_is_shown_unchanged() -> None:
    text = "\n".join("  " * depth + f"- word{depth}" for depth in range(DEEPEST))
    drawn = letters(draw(text, 40))
    assert all(f"word{depth}" in drawn for depth in range(DEEPEST))
    assert "deep" in draw("> " * 500 + "deep", 40)


def test_text_beyond_the_limit_is_shown_unchanged() -> None:
    paragraph = "some *words* here\n\n"
    drawn = draw(paragraph * (LONGEST // len(paragraph)) + "last *words*\n\n- of all", 60)
    assert drawn.startswith("some words here")
    assert drawn.endswith("last *words*\n\n- of all")


def test_lines_beyond_the_limit_are_shown_unchanged() -> None:
    drawn = draw("- a\n" * (MOST_LINES + 10), 60)
    assert drawn.count("• a") == MOST_LINES
    assert drawn.endswith("\n- a" * 10)


def test_a_paragraph_beyond_the_limit_is_shown_unchanged() -> None:
    text = "*a* " * (LONGEST_PARAGRAPH // 4 + 1)
    assert letters(draw(text)) == letters(text)


@pytest.mark.parametrize("piece", ["[", "![", "[a](", "*a", "<", "`a``", "> ", "- ", "|a", "&#1"])
def test_a_text_designed_to_be_slow_is_shown(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    wanted = re.sub(r"[^a]", "", text)
    assert re.sub(r"[^a]", "", draw(text)) == wanted


@given(fragments, st.integers(1, 60))
@example("\t日日", 3)
def test_any_text_is_drawn_within_its_width(text: str, width: int) -> None:
    for line in lay_out(markdown_blocks(text), width):
        assert cells(line_text(line)) <= width


@given(fragments)
def test_drawn_text_has_no_control_or_hidden_character(text: str) -> None:
    assert hazards_in(draw(text).replace("\n", " ")) == []


@given(fragments)
def test_the_same_text_is_drawn_alike_every_time(text: str) -> None:
    assert markdown_blocks(text) == markdown_blocks(text)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "# ", "> ", "- ", "1. ", "    ", "> - ", "- > ", "**", "[x]: "]),
            st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=5),
            st.sampled_from(
                ["\n", "\n\n", "\n---\n", "\n```\n", "  \n", "\\\n", "\n===\n", "\n<p>\n"]
            ),
        ),
        max_size=8,
    ),
    st.integers(2, 60),
)
def test_no_word_is_lost(parts: list[tuple[str, list[str], str]], width: int) -> None:
    text = "".join(mark + " ".join(said) + end for mark, said, end in parts)
    drawn = re.sub("[^a-h]", "", draw(text, width))  # without marks, which stand between lines
    position = 0
    for _, said, _ in parts:
        for word in said:
            position = drawn.index(word, position) + len(word)
