"""What is fuzzed: each target takes any bytes and fails on a broken promise.

A target raises `AssertionError` for a promise that does not hold; anything else that it raises is
a fault as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from chatkit_tui.models.items import read_item
from chatkit_tui.models.pages import Page
from chatkit_tui.models.threads import read_thread
from chatkit_tui.models.widgets import actions, read_widget
from chatkit_tui.render.blocks import Preformatted
from chatkit_tui.render.context import Context
from chatkit_tui.render.items import item_words, render_item
from chatkit_tui.render.json_view import json_blocks
from chatkit_tui.render.layout import lay_out
from chatkit_tui.render.lines import Line, Span, plain
from chatkit_tui.render.markdown import markdown_blocks
from chatkit_tui.render.threads import thread_head
from chatkit_tui.text.links import safe_link
from chatkit_tui.text.visible import hidden_count, pieces, visible
from chatkit_tui.text.width import cells
from chatkit_tui.text.wrap import fold, wrap
from tests.render.examples import widget
from tests.text.hazards import hazards_in

CONTEXT: Final = Context(now=1_760_602_640)


def width_and_text(data: bytes) -> tuple[int, str]:
    """The first byte is a width from 1 to 90, the rest text, with half emojis where it is no
    UTF-8."""
    width = 1 + (data[0] if data else 0) % 90
    return width, data[1:].decode("utf-8", "surrogateescape")


def check_lines(lines: Iterable[Line], width: int) -> None:
    """Every line fits, holds nothing that steers or hides, and links to checked addresses."""
    for line in lines:
        text = plain(line)
        assert cells(text) <= width, (width, text)
        assert not hazards_in(text), ascii(text)
        assert "\n" not in text
        for span in line:
            assert span.style.link is None or safe_link(span.style.link) == span.style.link


def visible_text(data: bytes) -> None:
    """`visible` lets nothing through, counts what it hides and changes nothing twice."""
    _, text = width_and_text(data)
    for breaks in (False, True):
        shown = visible(text, breaks=breaks)
        left = shown.replace("\n", "") if breaks else shown
        assert not hazards_in(left), ascii(text)
        assert visible(shown, breaks=breaks) == shown
        assert "".join(piece.text for piece in pieces(text, breaks=breaks)) == shown
    assert 0 <= hidden_count(text) <= len(text)


def wrapping(data: bytes) -> None:
    """Lines fit; only spaces are lost, and by `fold` nothing."""
    width, text = width_and_text(data)
    shown = visible(text, breaks=True)
    half = len(shown) // 2
    runs = [(shown[:half], 0), (shown[half:], 1)]
    wrapped = wrap(runs, width)
    for line in wrapped:
        assert sum(cells(part) for part, _ in line) <= width or len(line) > 1
        assert cells("".join(part for part, _ in line)) <= max(2, width)
    if width > 1:
        kept = "".join(part for line in wrapped for part, _ in line)
        assert "".join(kept.split()) == "".join(shown.split())
        one_line = visible(text)
        folded = fold([(one_line, 0)], width)
        assert "".join(part for line in folded for part, _ in line) == one_line


def markdown(data: bytes) -> None:
    """Any text as Markdown is drawn within its width, in blocks and lines that are safe."""
    width, text = width_and_text(data)
    check_lines(lay_out(markdown_blocks(text), width, open=True), width)


def json_text(data: bytes) -> None:
    """Any text as JSON, or as what is not."""
    width, text = width_and_text(data)
    blocks = json_blocks(text)
    check_lines(lay_out(blocks, width), width)
    check_lines(lay_out((Preformatted(((Span(visible(text)),),)),), width), width)


def models(data: bytes) -> None:
    """Any bytes as an item, a thread and a page of either; what is read is drawn."""
    width, raw = 1 + (data[0] if data else 0) % 90, data[1:]
    item = read_item(raw, thread_id="cthr_fuzz")
    for is_open, as_json in ((None, False), (True, False), (None, True)):
        drawn = render_item(item, width, CONTEXT, open=is_open, raw=as_json)
        check_lines(drawn.lines, width)
    item_words(item)
    check_lines(thread_head(read_thread(raw), width, CONTEXT), width)
    try:
        page = Page(raw, read_item)
    except ValueError:
        return
    for entry in page.entries:
        entry.load()


def widgets(data: bytes) -> None:
    """Any text as the tree of a widget."""
    width, text = width_and_text(data)
    actions(read_widget(text))
    text = text.encode("utf-8", "replace").decode()
    for is_open in (None, True):
        check_lines(render_item(widget(text), width, CONTEXT, open=is_open).lines, width)


def links(data: bytes) -> None:
    """What becomes a link is ASCII, of three schemes, and tells no lie about its host."""
    _, text = width_and_text(data)
    for prefix in ("", "https://", "http://a", "mailto:"):
        link = safe_link(prefix + text)
        if link is None:
            continue
        assert link.isascii()
        assert link.isprintable()
        assert " " not in link
        assert link.startswith(("http://", "https://", "mailto:"))
        assert safe_link(link) == link
        if not link.startswith("mailto:"):
            authority = link.split("//", 1)[1].split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]
            assert "@" not in authority


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "visible": visible_text,
    "wrapping": wrapping,
    "markdown": markdown,
    "json": json_text,
    "models": models,
    "widgets": widgets,
    "links": links,
}
"""Every target by name. A new one is a function and a row here."""
