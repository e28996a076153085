"""Exported Markdown says what was written, and nothing foreign in it works."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatkit_tui.export.heading import ConversationHead
from chatkit_tui.export.markdown import conversation_markdown, escape, item_markdown
from chatkit_tui.models.items import Item
from chatkit_tui.text.sanitize import sanitize
from tests.hostile.payloads import PAYLOADS
from tests.render.examples import CONTEXT, item, widget
from tests.render.package_examples import ROWS, read, words
from tests.text.hazards import hazards_in
from tests.text.test_sanitize import texts

MARKUP = st.lists(
    st.one_of(
        texts,
        st.sampled_from(
            [
                "`", "```", "~~~", "\n", "\n\n", "    ", "<b>", "</b>", "<script>", "<!--", "-->",
                "![a](http://x.example/y.png)", "[a](javascript:alert(1))", "[a]: http://b.example",
                "<javascript:x>", "&lt;", "&#x3c;", "\\", "|", "| a | b |\n|---|---|\n", "# ", "- ",
                "1. ", "> ", "---", "===", "***", "__", "$", "ftp://x.example", "[^1]", "[^1]: n",
                "<details>", "<summary>", "https://x.example/a_b*c", "data:text/html,<b>", "\t",
                "a\\\n", "*", "**", "[x] ", "<https://y.example>", ":-:", "\u202e", "\x1b[31m",
            ]
        ),
    ),
    max_size=14,
).map("".join)  # fmt: skip

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def user(text: str) -> Item:
    return item("user_message", content=[{"type": "input_text", "text": text}])


def assistant(text: str) -> Item:
    return item("assistant_message", content=[{"type": "output_text", "text": text}])


def tokens(markdown: str) -> Iterator[Token]:
    for token in PARSER.parse(markdown):
        yield token
        yield from token.children or ()


@pytest.mark.parametrize("name", ROWS)
def test_each_word_of_a_self_hosted_server_is_there(name: str) -> None:
    markdown = item_markdown(read(name), CONTEXT)
    assert_inert(markdown)
    text = "".join("".join(token.content.split()) for token in tokens(markdown))
    assert [word for word in words(ROWS[name]) if word not in text] == []


def test_an_answer_is_a_checked_box() -> None:
    markdown = item_markdown(read("questions_answered"), CONTEXT)
    assert "- [x] In the shop\n\n- [x] or with my neighbour" in markdown
    assert "- [x] At the door\n\n- [ ] In the shop" in markdown


def assert_inert(markdown: str) -> None:
    assert hazards_in(markdown.replace("\n", "")) == []
    found = list(tokens(markdown))
    assert not {"html_block", "html_inline", "image"} & {token.type for token in found}
    for token in found:
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith(("http://", "https://", "mailto:"))
    assert [token.tag for token in found if token.type == "heading_open"] == ["h3"]


@given(MARKUP)
@example("`" * 40 + "<script>")
@example("a\n: b\n<img src=x onerror=y>")
def test_what_a_user_wrote_does_nothing(text: str) -> None:
    assert_inert(item_markdown(user(text), CONTEXT))


@given(MARKUP)
def test_what_an_assistant_wrote_does_nothing(text: str) -> None:
    assert_inert(item_markdown(assistant(text), CONTEXT))


@given(MARKUP)
def test_a_tool_call_does_nothing(text: str) -> None:
    call = item(
        "client_tool_call", name=text, call_id=text, arguments=text, output=text, status=text
    )
    assert_inert(item_markdown(call, CONTEXT))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_survives(payload: str) -> None:
    card = widget({"type": "Card", "children": [{"type": "Text", "value": payload}]})
    assert_inert(item_markdown(card, CONTEXT))
    head = ConversationHead(payload, payload, payload, payload, payload, host=payload)
    text = "".join(conversation_markdown(head, [], CONTEXT))
    assert hazards_in(text.replace("\n", "")) == []
    assert not {"html_block", "html_inline", "image"} & {one.type for one in tokens(text)}


@given(texts)
def test_escaped_text_is_read_as_it_was_written(text: str) -> None:
    shown = sanitize(text.replace("\n", " "), plain=False).strip()
    inline = (one for one in PARSER.parse(f"{escape(shown)}\n") if one.type == "inline")
    words = "".join(word.content for one in inline for word in one.children or ())
    assert words == shown


def test_markdown_of_the_assistant_keeps_its_form() -> None:
    text = (
        "# Title\n\nSome **bold** and `co|de` at [here](https://x.example/a_b).\n\n"
        "- one\n- two\n\n1. first\n\n> quoted\n\n```py\nx = `1`\n```\n\n"
        "| a | b |\n|---|--:|\n| 1 | 2 |\n"
    )
    assert item_markdown(assistant(text), CONTEXT) == (
        "### assistant · 2025-10-16 08:17:20 UTC\n\n"
        "**Title**\n\n"
        "Some **bold** and `co|de` at here (<https://x.example/a_b>).\n\n"
        "- one\n\n- two\n\n1. first\n\n> quoted\n\n```py\nx = `1`\n```\n\n"
        "| **a** | **b** |\n| --- | --: |\n| 1 | 2 |\n"
    )


def test_a_tool_call_has_its_name_and_status() -> None:
    call = item("client_tool_call", name="look_up", status="in_progress", arguments='{"a": 1}')
    assert item_markdown(call, CONTEXT).startswith(
        "### ◐ look\\_up in progress · 2025-10-16 08:17:20 UTC\n"
    )


def test_line_breaks_and_spaces_of_a_user_stay() -> None:
    assert item_markdown(user("one\n  two\n\nthree"), CONTEXT) == (
        "### user ines@example.com · 2025-10-16 08:17:20 UTC\n\none\\\n\u00a0\u00a0two\n\nthree\n"
    )
