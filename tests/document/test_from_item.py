"""Items become documents: messages, their sources, tool calls, tasks, unknown items."""

from __future__ import annotations

import pytest

from chatkit_tui.document.spans import Span, Style
from chatkit_tui.models.items import parse_item
from chatkit_tui.models.json import JSON
from tests.render.examples import GROUP, body, drawn, head, item

# -- messages --------------------------------------------------------------------------------------


def user(*content: JSON, **fields: JSON) -> list[str]:
    """Return the body of a user message."""
    return body(item("user_message", content=list(content), **fields))


def assistant(*content: JSON) -> list[str]:
    """Return the body of an assistant message."""
    return body(item("assistant_message", content=list(content)))


def test_what_the_user_typed_is_not_markdown() -> None:
    assert user({"type": "input_text", "text": "# not *a* heading\n\n- [x]"}) == [
        "# not *a* heading",
        "",
        "- [x]",
    ]


def test_a_bare_text_is_a_message() -> None:
    assert user("hello") == ["hello"]


def test_a_quote_has_a_bar_on_its_left() -> None:
    assert user({"type": "quoted_text", "text": "one\ntwo"}, "yes") == ["│ one", "│ two", "", "yes"]


def test_an_attachment_shows_name_type_and_address() -> None:
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


def test_an_unsafe_address_is_plain_text() -> None:
    sent = {"type": "image", "name": "a.png", "preview_url": "javascript:alert(1)"}
    what = item("user_message", content=[], attachments=[sent])
    assert {span.style.link for line in drawn(what).lines for span in line} == {None}


def test_a_very_long_address_is_folded() -> None:
    sent = {"type": "file", "name": "a", "preview_url": "https://files.example/?s=" + "f" * 900}
    what = item("user_message", content=[], attachments=[sent])
    assert drawn(what).folded


def test_an_attachment_that_is_no_object_is_shown_unchanged() -> None:
    assert user(attachments=[7]) == ["? unknown attachment", "  7"]


def test_the_chosen_model_and_tool_are_shown() -> None:
    chosen = {"model": "gpt-5", "tool_choice": {"id": "orders"}}
    assert user("hi", inference_options=chosen) == ["hi", "", "model gpt-5   tool orders"]


def test_a_message_without_options_has_no_line_for_them() -> None:
    assert user("hi", inference_options={"model": None, "tool_choice": None}) == ["hi"]


def test_an_empty_message_says_so() -> None:
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


def test_a_control_character_becomes_a_symbol() -> None:
    assert user("a\x1b[2Jb\u202ec") == ["a␛[2Jb⟨U+202E⟩c"]
    assert assistant("a\x1b[2Jb") == ["a␛[2Jb"]


# -- sources of a message --------------------------------------------------------------------------


def sources(*annotations: JSON) -> list[str]:
    """Return the lines below a message of one letter."""
    content = [{"type": "output_text", "text": "x", "annotations": list(annotations)}]
    return body(item("assistant_message", content=content))[2:]


def file(name: str, **fields: JSON) -> JSON:
    """Return an annotation of a file."""
    return {"type": "file", "source": {"type": "file", "filename": name}, **fields}


def url(address: str, title: str | None = None) -> JSON:
    """Return an annotation of a web address."""
    return {"type": "url", "source": {"type": "url", "url": address, "title": title}}


def test_a_text_without_sources_has_no_list() -> None:
    assert sources() == []


def test_sources_are_numbered_in_the_order_of_their_citation() -> None:
    assert sources(file("b.pdf"), file("a.pdf")) == ["sources", " 1  b.pdf", " 2  a.pdf"]


def test_a_source_that_is_cited_twice_is_listed_once() -> None:
    assert sources(file("a.pdf"), file("a.pdf")) == ["source", " 1  a.pdf"]


def test_the_places_of_a_source_are_collected() -> None:
    assert sources(file("a.pdf", index=4), file("a.pdf", index=9)) == [
        "source",
        " 1  a.pdf  at 4, 9",
    ]


def test_one_address_under_two_titles_keeps_both() -> None:
    given = [url("https://a.example/", "One"), url("https://a.example/", "Two")]
    assert sources(*given) == ["source", " 1  One / Two  https://a.example/"]


def test_the_sources_of_all_parts_share_one_list() -> None:
    parts = [
        {"type": "output_text", "text": text, "annotations": [file("a.pdf")]} for text in ("x", "y")
    ]
    lines = body(item("assistant_message", content=parts))
    assert lines == ["x", "", "y", "", "source", " 1  a.pdf"]


def test_an_unknown_annotation_is_shown_once_with_its_json() -> None:
    assert sources({"type": "map", "at": 1}, {"type": "map", "at": 1}) == [
        "source",
        " 1  ? unknown annotation map",
        "      {",
        '        "type": "map",',
        '        "at": 1',
        "      }",
    ]


def test_a_source_that_names_nothing_is_still_counted() -> None:
    assert sources({"type": "url", "source": {}}) == ["source", " 1  a source without a name"]


def test_an_address_is_a_link() -> None:
    content = [{"type": "output_text", "text": "x", "annotations": [url("https://a.example/b")]}]
    lines = drawn(item("assistant_message", content=content)).lines
    assert [span.style.link for span in lines[-1] if span.style.link] == ["https://a.example/b"]


# -- tasks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "start"),
    [("thought", "○ thinking "), ("custom", "● task "), ("search", "● search ")],
)
def test_a_task_shows_its_type(kind: str, start: str) -> None:
    assert head(item("task", task_type=kind)).startswith(start)


def test_a_task_has_heading_and_summary() -> None:
    assert body(item("task", heading="Look", summary="Found\nit")) == ["Look", "Found", "it"]


def test_a_task_without_words_says_so() -> None:
    assert body(item("task")) == ["(no heading, no summary)"]


def test_a_group_counts_its_tasks() -> None:
    assert head(GROUP).startswith("≡ 5 tasks ")
    assert "≡ 1 task " in head(item("task_group", tasks=[{"type": "custom"}]))


def test_a_task_of_a_group_has_its_symbol_and_its_type() -> None:
    tasks = [
        {"type": "thought", "heading": "A", "summary": "a"},
        {"type": "custom", "summary": "b"},
        9,
    ]
    assert body(item("task_group", tasks=tasks)) == [
        "○ A  thinking",
        "  a",
        "● b",
        "  ? unknown task",
        "    9",
    ]


def test_a_group_without_tasks_says_so() -> None:
    assert body(item("task_group")) == ["(no tasks)"]


# -- unknown items ---------------------------------------------------------------------------------


def test_an_unknown_kind_is_named_and_shown_as_its_json() -> None:
    what = parse_item(b'{"type": "chatkit.poll", "votes": 1.50}')
    assert head(what).startswith("? unknown  poll")
    assert body(what) == ["{", '  "type": "chatkit.poll",', '  "votes": 1.50', "}"]


def test_a_long_unknown_item_is_folded() -> None:
    assert body(item("poll", votes=list(range(50))))[-1] == "… 47 more lines"


def test_an_item_without_a_type_says_so() -> None:
    assert head(parse_item(b"{}")).startswith("? unknown  no type")


def test_text_that_is_no_json_is_shown_unchanged() -> None:
    lines = body(parse_item(b"{oops\xff"))
    assert "{oops\\xff" in lines
    assert lines[-1] == "! this item does not fit: not JSON"


def test_json_too_deep_to_parse_is_shown() -> None:
    lines = body(parse_item(b"[" * 20_000 + b"]" * 20_000))
    assert lines[-1] == "! this item does not fit: nested too deeply to be read"
