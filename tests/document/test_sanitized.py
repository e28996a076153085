"""Text of a source stays untrusted in a document, and no drawn span has a hazard."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import chatkit_tui
from chatkit_tui.document.blocks import (
    Block,
    Code,
    Fold,
    Indented,
    Paragraph,
    Preformatted,
    Table,
    Widget,
)
from chatkit_tui.document.from_item import from_item
from chatkit_tui.document.spans import Inline, UntrustedSpan
from chatkit_tui.models.items import Item, parse_item
from chatkit_tui.models.widgets import read_widget
from chatkit_tui.render.items import item_header, item_words
from chatkit_tui.render.widgets import picture
from chatkit_tui.text.sanitize import sanitize
from tests.hostile.wire import hostile_items, spoilt
from tests.render.examples import CONTEXT, EXAMPLES, drawn, widget
from tests.render.widgets.gallery import GALLERY
from tests.text.hazards import hazards_in

MARK = "mark\u202e"


def spoilt_items() -> Iterator[Item]:
    """Yield one item of each type with a mark in each of its texts."""
    for item in EXAMPLES.values():
        row = spoilt(json.loads(item.raw), MARK)
        yield parse_item(json.dumps({**row, "status": MARK}).encode())
        yield parse_item(json.dumps(row).encode()[:-1])


def inlines(blocks: Iterable[Block]) -> Iterator[Inline]:
    """Yield all running text in blocks; the text of code and widgets is sanitized elsewhere."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.spans
        elif isinstance(block, Preformatted):
            yield from (inline for line in block.lines for inline in line)
        elif isinstance(block, Table):
            yield from (inline for row in block.rows for cell in row for inline in cell)
        elif isinstance(block, Indented | Fold):
            yield from (span for span in (getattr(block, "first", None), block.rest) if span)
            yield from inlines(block.blocks)
        else:
            assert isinstance(block, Code | Widget) or not block


def test_no_text_of_a_source_is_in_a_span_of_the_program() -> None:
    marked = 0
    for item in spoilt_items():
        for inline in (*inlines(from_item(item)), *item_header(item, CONTEXT)):
            if isinstance(inline, UntrustedSpan):
                marked += "mark" in inline.text.unsafe
            else:
                assert "mark" not in inline.text, inline
    assert marked > 40


@pytest.mark.parametrize("name", GALLERY)
def test_no_text_of_a_widget_is_in_a_span_of_the_program(name: str) -> None:
    tree = read_widget(json.dumps(spoilt(GALLERY[name], MARK)))
    assert tree.root is not None
    drawing = picture(tree.root, CONTEXT)
    for inline in (span for text in (drawing.texts() if drawing else ()) for span in text):
        assert isinstance(inline, UntrustedSpan) or "mark" not in inline.text


@pytest.mark.slow
@pytest.mark.parametrize(("opened", "raw"), [(None, False), (True, False), (None, True)])
def test_no_span_holds_a_hazard(opened: bool | None, raw: bool) -> None:
    items = [*(parse_item(json.dumps(row).encode()) for row in hostile_items()), *spoilt_items()]
    items += [widget(spoilt(tree, MARK)) for tree in GALLERY.values()]
    for item in items:
        for line in drawn(item, 60, open=opened, raw=raw).lines:
            for span in line:
                assert hazards_in(span.text) == []
                assert hazards_in(span.style.link or "") == []


def test_the_text_for_search_is_sanitized() -> None:
    for item in spoilt_items():
        words = item_words(item)
        assert sanitize(words, breaks=True) == words


def test_only_documents_and_the_sanitizer_read_untrusted_text() -> None:
    package = Path(chatkit_tui.__file__).parent
    readers = {
        path.relative_to(package).parts[0]
        for path in package.rglob("*.py")
        if ".unsafe" in path.read_text(encoding="utf-8")
    }
    assert readers == {"document", "text"}
