"""The sources below an assistant's text."""

from __future__ import annotations

from chatkit_tui.models.fields import JSON
from tests.render.examples import body, drawn, item


def sources(*annotations: JSON) -> list[str]:
    """The lines below a message of one letter."""
    content = [{"type": "output_text", "text": "x", "annotations": list(annotations)}]
    return body(item("assistant_message", content=content))[2:]


def file(name: str, **fields: JSON) -> JSON:
    """An annotation that points to a file."""
    return {"type": "file", "source": {"type": "file", "filename": name}, **fields}


def url(address: str, title: str | None = None) -> JSON:
    """An annotation that points to a web address."""
    return {"type": "url", "source": {"type": "url", "url": address, "title": title}}


def test_a_text_without_sources_has_no_list() -> None:
    assert sources() == []


def test_sources_are_numbered_in_the_order_of_their_mention() -> None:
    assert sources(file("b.pdf"), file("a.pdf")) == ["sources", " 1  b.pdf", " 2  a.pdf"]


def test_a_source_that_is_cited_twice_is_listed_once() -> None:
    assert sources(file("a.pdf"), file("a.pdf")) == ["source", " 1  a.pdf"]


def test_the_places_of_a_source_are_gathered() -> None:
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
