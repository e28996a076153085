"""What is fuzzed: each target takes any bytes and fails on a broken promise.

A target raises `AssertionError` for a promise that does not hold; anything else that it raises is
a fault as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from typing import Final
from unicodedata import category

from chatkit_tui.document.blocks import Preformatted
from chatkit_tui.document.from_json import json_blocks
from chatkit_tui.document.from_markdown import markdown_blocks
from chatkit_tui.document.spans import Line, Span, line_text
from chatkit_tui.models.items import parse_item, read_item, read_outline
from chatkit_tui.models.json import dump_json
from chatkit_tui.models.raw_json import delimit_list
from chatkit_tui.models.threads import parse_thread
from chatkit_tui.models.widgets import actions, read_widget
from chatkit_tui.predicates.predicate import Predicate
from chatkit_tui.render import RenderContext
from chatkit_tui.render.items import copied_text, item_words, render_item
from chatkit_tui.render.layout import lay_out
from chatkit_tui.render.threads import thread_head
from chatkit_tui.search.thread_filter import ThreadFilter, terms
from chatkit_tui.sources.http.response import parse_list_answer
from chatkit_tui.terminal.clipboard import json_for_copy
from chatkit_tui.terminal.input_decoder import Dropped, Text
from chatkit_tui.terminal.input_events import InputEvents
from chatkit_tui.text.links import safe_link
from chatkit_tui.text.sanitize import hidden_count, pieces, sanitize, without_controls
from chatkit_tui.text.width import cells
from chatkit_tui.text.wrap import fold, wrap
from chatkit_tui.ui.threads.line import BAR, Setting, Shown, heading, thread_lines
from chatkit_tui.ui.threads.rows import row_of
from tests.render.examples import item, widget
from tests.terminal.timed_input import TimedInput
from tests.text.hazards import hazards_in

CONTEXT: Final = RenderContext(now=1_760_602_640)


def width_and_text(data: bytes) -> tuple[int, str]:
    """The first byte is a width from 1 to 90, the rest text, with half emojis where it is no
    UTF-8."""
    width = 1 + (data[0] if data else 0) % 90
    return width, data[1:].decode("utf-8", "surrogateescape")


def check_lines(lines: Iterable[Line], width: int) -> None:
    """Every line fits, holds nothing that steers or hides, and links to checked addresses."""
    for line in lines:
        text = line_text(line)
        assert cells(text) <= width, (width, text)
        assert not hazards_in(text), ascii(text)
        assert "\n" not in text
        for span in line:
            assert span.style.link is None or safe_link(span.style.link) == span.style.link


def sanitized_text(data: bytes) -> None:
    """`sanitize` lets nothing through, counts what it hides and changes nothing twice."""
    _, text = width_and_text(data)
    for breaks in (False, True):
        shown = sanitize(text, breaks=breaks)
        left = shown.replace("\n", "") if breaks else shown
        assert not hazards_in(left), ascii(text)
        assert sanitize(shown, breaks=breaks) == shown
        assert "".join(piece.text for piece in pieces(text, breaks=breaks)) == shown
    assert 0 <= hidden_count(text) <= len(text)


def wrapping(data: bytes) -> None:
    """Lines fit; only spaces are lost, and by `fold` nothing."""
    width, text = width_and_text(data)
    shown = sanitize(text, breaks=True)
    half = len(shown) // 2
    runs = [(shown[:half], 0), (shown[half:], 1)]
    wrapped = wrap(runs, width)
    for line in wrapped:
        assert sum(cells(part) for part, _ in line) <= width or len(line) > 1
        assert cells("".join(part for part, _ in line)) <= max(2, width)
    if width > 1:
        kept = "".join(part for line in wrapped for part, _ in line)
        assert "".join(kept.split()) == "".join(shown.split())
        one_line = sanitize(text)
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
    check_lines(lay_out((Preformatted(((Span(sanitize(text)),),)),), width), width)


def models(data: bytes) -> None:
    """Any bytes as an item, a thread and a page of either; what is read is drawn."""
    width, raw = 1 + (data[0] if data else 0) % 90, data[1:]
    what = parse_item(raw, thread_id="cthr_fuzz")
    for is_open, as_json in ((None, False), (True, False), (None, True)):
        drawn = render_item(what, width, CONTEXT, open=is_open, raw=as_json)
        check_lines(drawn.lines, width)
    item_words(what)
    check_lines(thread_head(parse_thread(raw), width, CONTEXT), width)
    try:
        page = parse_list_answer(raw)
    except ValueError:
        return
    for entry in page.rows:
        read_item(entry)


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


def copying(data: bytes) -> None:
    """Whatever is copied holds no control but tab and line break, and shows as what was shown."""
    _, text = width_and_text(data)
    message = item("user_message", content=[{"type": "input_text", "text": text}])
    for what in (message, parse_item(data[1:])):
        copied = without_controls(copied_text(what, CONTEXT) or "")
        assert all(category(letter) != "Cc" or letter in "\n\t" for letter in copied)
        copied.encode()
    copied = json_for_copy(data)
    assert all(category(letter) != "Cc" or letter in "\n\r\t" for letter in copied)


def lists(data: bytes) -> None:
    """A list answer that is delimited is the same as one that is parsed, where it can be."""
    for raw in (data, b'{"data": [' + data + b"]}"):
        try:
            parsed = delimit_list(raw, parse_rows=True)
        except (ValueError, RecursionError):
            continue
        assert repr(delimit_list(raw)) == repr(parsed)
    outline = read_outline(data)
    check_lines(render_item(outline, 40, CONTEXT).lines, 40)


def titles(data: bytes) -> None:
    """Any thread as a row of the list, as its head and over its transcript."""
    width, text = width_and_text(data)
    text = text.encode("utf-8", "replace").decode()
    words = text[: len(text) // 2]
    status = {"type": text[-3:] or "closed", "reason": text}
    fields = {"id": text, "title": text, "user": words, "status": status}
    thread = parse_thread(dump_json(fields).encode())
    check_lines(thread_head(thread, width, CONTEXT, first_words=words), width)
    row, setting = row_of(thread), Setting(now=CONTEXT.now)
    for two_lines in (False, True):
        shown_as = Shown(BAR, marked=True, first_words=words, repeats_title=True, repeats_user=True)
        parts = thread_lines(row, width, setting, shown_as, two_lines=two_lines)
        for line in (*parts, *heading(row, setting, words)):
            shown = "".join(part for part, _ in line)
            assert not hazards_in(shown), ascii(text)
            assert "\n" not in shown


def thread_filter(data: bytes) -> None:
    """Any filter is parsed without an error, and no term of it is lost."""
    _, text = width_and_text(data)
    half = text[: len(text) // 2]
    wanted = ThreadFilter(
        text,
        now=CONTEXT.now,
        zone=UTC,
        saved={half: text, "a": half},
        predicates=[*Predicate],
        found={"a": frozenset({Predicate.UNANSWERED})}.get,
    )
    row = row_of(parse_thread(dump_json({"id": "a", "title": "b", "user": "c"}).encode()))
    assert wanted.matches(row) in (True, False)
    assert not hazards_in(sanitize(wanted.problem))
    places = [term.start for term in terms(text)]
    assert places == sorted(set(places))
    left = "".join(term.value for term in terms(text)).replace('"', "")
    typed = "".join(text.replace('"', "").split())
    assert len("".join(left.split())) <= len(typed)


def terminal_input(data: bytes) -> None:
    """Any bytes from a terminal, with a pause in them, raise nothing and leave the keys working."""
    cut, pause, sent = data[:1], data[1:2], data[2:]
    line, events = TimedInput(), InputEvents()
    for piece in (sent[: ord(cut or b"\0")], sent[ord(cut or b"\0") :]):
        line.send(piece)
        line.pause(ord(pause or b"\0") / 20)
    line.pause(5)
    for _ in range(3):  # the first may be taken for the rest of something
        line.send(b"j")
        line.pause(2)
    assert line.tokens[-1] == Text("j")
    for token in line.tokens:
        if not isinstance(token, Dropped):
            list(events.events(token))


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "sanitize": sanitized_text,
    "wrapping": wrapping,
    "markdown": markdown,
    "json": json_text,
    "models": models,
    "widgets": widgets,
    "links": links,
    "copying": copying,
    "lists": lists,
    "titles": titles,
    "filter": thread_filter,
    "input": terminal_input,
}
"""Every target by name. A new one is a function and a row here."""
