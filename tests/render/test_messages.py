"""User and assistant messages."""

from __future__ import annotations

from chatkit_tui.document.spans import Span, Style
from chatkit_tui.models.fields import JSON
from tests.render.examples import body, drawn, item


def user(*content: JSON, **fields: JSON) -> list[str]:
    """The body of a user message."""
    return body(item("user_message", content=list(content), **fields))


def assistant(*content: JSON) -> list[str]:
    """The body of an assistant message."""
    return body(item("assistant_message", content=list(content)))


def test_what_the_user_typed_is_not_markdown() -> None:
    assert user({"type": "input_text", "text": "# not *a* heading\n\n- [x]"}) == [
        "# not *a* heading",
        "",
        "- [x]",
    ]


def test_a_bare_text_is_a_message() -> None:
    assert user("hello") == ["hello"]


def test_a_quote_stands_behind_a_bar() -> None:
    assert user({"type": "quoted_text", "text": "one\ntwo"}, "yes") == ["│ one", "│ two", "", "yes"]


def test_an_attachment_tells_name_type_and_address() -> None:
    sent = {
        "type": "image",
        "id": "cfile_1",
        "name": "a.png",
        "mime_type": "image/png",
        "preview_url": "https://files.example/a.png",
    }
    assert user(attachments=[sent]) == [
        "+ a.png  image, image/png",
        "  https://files.example/a.png",
    ]


def test_the_address_of_an_attachment_is_a_link() -> None:
    sent = {"type": "image", "name": "a.png", "preview_url": "https://files.example/a.png"}
    what = item("user_message", content=[], attachments=[sent])
    link = Style("link", link="https://files.example/a.png")
    assert Span("https://files.example/a.png", link) in drawn(what).lines[-1]


def test_an_address_that_must_not_be_followed_is_text_alone() -> None:
    sent = {"type": "image", "name": "a.png", "preview_url": "javascript:alert(1)"}
    what = item("user_message", content=[], attachments=[sent])
    assert {span.style.link for line in drawn(what).lines for span in line} == {None}


def test_a_very_long_address_is_folded() -> None:
    sent = {"type": "file", "name": "a", "preview_url": "https://files.example/?s=" + "f" * 900}
    what = item("user_message", content=[], attachments=[sent])
    assert drawn(what).folded


def test_an_attachment_that_is_no_object_is_shown_as_it_came() -> None:
    assert user(attachments=[7]) == ["? unknown attachment", "  7"]


def test_the_model_and_the_tool_that_the_user_chose_are_told() -> None:
    chosen = {"model": "gpt-5", "tool_choice": {"id": "orders"}}
    assert user("hi", inference_options=chosen) == ["hi", "", "model gpt-5   tool orders"]


def test_no_choice_takes_no_line() -> None:
    assert user("hi", inference_options={"model": None, "tool_choice": None}) == ["hi"]


def test_a_message_without_anything_in_it_says_so() -> None:
    assert user() == ["(no content)"]
    assert assistant() == ["(no content)"]


def test_an_unknown_part_with_a_text_shows_the_text() -> None:
    assert user({"type": "input_song", "text": "la la"}) == ["? unknown part input_song", "la la"]


def test_an_unknown_part_without_a_text_shows_its_json() -> None:
    assert assistant({"type": "poll", "votes": 3}) == [
        "? unknown part poll",
        "  {",
        '    "type": "poll",',
        '    "votes": 3',
        "  }",
    ]


def test_what_the_assistant_wrote_is_markdown() -> None:
    assert assistant({"type": "output_text", "text": "- *one*\n- two"}) == ["• one", "• two"]


def test_a_character_that_steers_the_terminal_becomes_a_sign() -> None:
    assert user("a\x1b[2Jb\u202ec") == ["a␛[2Jb⟨U+202E⟩c"]
    assert assistant("a\x1b[2Jb") == ["a␛[2Jb"]
