"""Thread items as lines of a width: the header, then the body or the raw JSON."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from chatkit_tui.document.blocks import (
    Blank,
    Block,
    Drawn,
    Indented,
    Paragraph,
    Widget,
    indented,
    note,
)
from chatkit_tui.document.from_item import KINDS, LARGEST, action_blocks, from_item
from chatkit_tui.document.from_json import json_blocks
from chatkit_tui.document.safe_text import plain_text, safe_spans
from chatkit_tui.document.spans import (
    CITATION,
    DIM,
    FIELD,
    SPEAKER,
    WARNING,
    Inline,
    Line,
    Role,
    Span,
    Style,
    SymbolSpan,
    line_text,
    untrusted,
)
from chatkit_tui.document.unknown_parts import invalid_fields
from chatkit_tui.models.items import (
    AssistantMessage,
    ClientToolCall,
    Item,
    UnknownItem,
    UserMessage,
    WidgetItem,
)
from chatkit_tui.models.json import DECODER, JSON
from chatkit_tui.models.parts import Attachment
from chatkit_tui.models.timestamps import Timestamp
from chatkit_tui.models.widgets import actions, read_widget
from chatkit_tui.render import RenderContext
from chatkit_tui.render.layout import arrange, lay_out
from chatkit_tui.render.widgets import picture
from chatkit_tui.text.plain import counted, is_plain
from chatkit_tui.text.sanitize import hidden_count, is_ordinary
from chatkit_tui.text.times import age, gap, moment
from chatkit_tui.text.width import cells, shorten

GAP: Final = 2
"""Cells between the two sides of a header, at least."""
GAP_BEFORE_ID: Final = 20
"""Cells that stay free in a header that shows the id: few users need it."""
COUNTED: Final = 1_000_000
"""Characters of an item's JSON whose hidden characters are counted; a longer text is cut."""
COPY_WIDTH: Final = 100_000
"""Cells: no line of copied text is broken before."""

_SUSPECT: Final = re.compile(rb"[^ -~\n\r\t]|\\[ubf]|\\r(?!\\n)")
"""In JSON text: what may stand for a hidden character. Most items have none."""
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|[ubf]|r(?!\\n))")
"""The same for escapes, with the number of the character if it has one."""


class RenderedItem(NamedTuple):
    """An item as lines."""

    lines: tuple[Line, ...]
    """The header, then the body; no wider than requested, without empty lines at the edges."""
    head: int
    """The number of lines of the header."""
    folded: bool
    """Whether opening the item would show more."""
    role: Role
    """The role whose color the item has."""


def render_item(
    item: Item,
    width: int,
    context: RenderContext,
    *,
    open: bool | None = None,  # noqa: A002 - the word for it
    raw: bool = False,
    previous: Item | Timestamp | None = None,
    above: Item | Timestamp | None = None,
) -> RenderedItem:
    """Return an item in lines of at most `width` cells.

    `open` is None for the default state of folds, True for all open; `raw` shows details and the
    JSON instead of the body. `previous` is the item before this one, or its time: the header shows
    the time between them. `above` is the item above on the screen, or its time: the header omits
    the same time.
    """
    before, shown = (
        time if isinstance(time, Timestamp | None) else time.time for time in (previous, above)
    )
    is_line = is_one_line(item) and not open and not raw
    head = _header_lines(item, before, shown, width, context, is_line=is_line)
    if raw:
        blocks = _details(item, context)
    else:
        blocks = invalid_fields(item.problems) if is_line else item_blocks(item, context)
    body = arrange(blocks, width, open=open or raw, plain=context.plain)
    folded = is_line or body.closed > 0
    return RenderedItem((*head, *body.lines), len(head), folded, KINDS[type(item)].role)


def is_one_line(item: Item) -> bool:
    """Return whether a closed item is its header alone."""
    return KINDS[type(item)].line is not None and len(item.raw) <= LARGEST


def item_blocks(item: Item, context: RenderContext) -> tuple[Block, ...]:
    """Return the body of an item, with its widget as a picture."""
    return tuple(
        _drawn(block, context) if isinstance(block, Widget) else block for block in from_item(item)
    )


def _drawn(widget: Widget, context: RenderContext) -> Block:
    drawing = picture(widget.root, context)
    return Drawn(drawing) if drawing else note("(a widget without words)")


def item_words(item: Item) -> str:
    """Return all text of an item as it is shown, including folded text, one line for each piece.

    The title in its header, such as a tool's name and status, comes first; times are omitted.
    """
    plain = is_plain()
    title = line_text(safe_spans(KINDS[type(item)].title(item), plain=plain))
    text = plain_text(item_blocks(item, RenderContext(now=0, plain=plain)), plain=plain)
    return f"{title}\n{text}" if title else text


def copied_text(item: Item, context: RenderContext) -> str | None:
    """Return the text of an item for the clipboard, including folded text.

    Hidden characters, addresses and tabs stay as they came; other controls are dropped. Charts are
    tables. Return None for an item that is too large to be drawn, or without text.
    """
    if len(item.raw) > LARGEST:
        return None
    is_json = not isinstance(item, UnknownItem) or item.value is not None
    blocks = item_blocks(item, context._replace(plain=False, tables=True))
    lines = arrange(blocks, COPY_WIDTH, open=True, copy=is_json).lines
    return "\n".join(map(line_text, lines)) or None


# -- header ----------------------------------------------------------------------------------------


def item_header(item: Item, context: RenderContext, room: int | None = None) -> tuple[Inline, ...]:
    """Return the type or author of an item, its title, and the number of hidden characters.

    With `room`, the title is the whole item on one line of that many cells.
    """
    kind = KINDS[type(item)]
    symbol = kind.symbol(item)
    hidden = hidden_characters(item)
    warning: tuple[Inline, ...] = ()
    if hidden:
        warning = (Span("  "), WARNING.span(after=f" {counted(hidden, 'hidden character')}"))
    if room is not None and kind.line is not None:
        room -= 2 + cells(line_text(safe_spans(warning)))
        title = kind.line(item, room)
    elif isinstance(item, UserMessage) and context.user:
        title = (untrusted(context.user, DIM),)
    else:
        title = kind.title(item)
    sign = symbol.span(style=Style(kind.role if symbol.role == "dim" else symbol.role))
    word = (Span(kind.word, Style(kind.role, bold=True)),) if kind.word else ()
    return (
        *(() if context.bar and symbol is SPEAKER else (sign,)),
        *word,
        *((Span("  "),) if word and title else ()),
        *title,
        *warning,
    )


def _header_lines(
    item: Item,
    before: Timestamp | None,
    above: Timestamp | None,
    width: int,
    context: RenderContext,
    *,
    is_line: bool,
) -> tuple[Line, ...]:
    """Return one line with the time on the right, else wrapped lines with the time below.

    The time since `before` is shown where it fits, and the id where no bar shows the role. With
    `is_line` the header is the whole item.
    """
    when = time_text(item.time, context)
    since = gap_text(item.time, before, context)
    is_same = above is not None and not since and when == time_text(above, context)
    taken = 0 if is_same else cells(when) + GAP
    header = item_header(item, context, width - taken if is_line else None)
    left = safe_spans(header, plain=context.plain)
    if is_same:
        return tuple(lay_out((Paragraph(left),), width, plain=context.plain))
    room = width - cells(line_text(left)) - GAP
    rights = [((since, when), 0), ((when,), 0)]
    if not context.bar:
        rights.insert(0, ((item.id, since, when), GAP_BEFORE_ID))
    for texts, free in rights:
        right = untrusted("  ".join(filter(None, texts)), DIM)
        spans = safe_spans((right,), plain=context.plain)
        taken = cells(line_text(spans))
        if taken + free <= room:
            return ((*left, Span(" " * (room + GAP - taken)), *spans),)
    wrapped = lay_out((Paragraph(left),), width, plain=context.plain)
    return (*wrapped, (Span(shorten(when, width), DIM),))


def time_text(time: Timestamp | None, context: RenderContext) -> str:
    """Return an age or a date and time, as the user prefers; `≈` if it may be wrong."""
    if time is None:
        return "time unknown"
    if context.relative:
        text = age(context.now - time.seconds)
        if text != "now" and not text.startswith("in "):
            text += " ago"
    else:
        text = moment(time.seconds, context.zone, precise=True)
    return f"{_about(context)}{text}" if time.approximate else text


def gap_text(time: Timestamp | None, before: Timestamp | None, context: RenderContext) -> str:
    """Return the time since the previous item; "" if it is unknown or less than a minute."""
    if time is None or before is None:
        return ""
    text = gap(time.seconds - before.seconds)
    if not text or (time.naive and before.naive):  # of one clock, so that the difference is right
        return text
    return f"{_about(context)}{text}" if time.approximate or before.approximate else text


def _about(context: RenderContext) -> str:
    return "~" if context.plain else "≈"


# -- hidden characters -----------------------------------------------------------------------------


def hidden_characters(item: Item) -> int:
    """Return the number of characters in an item that are shown as symbols.

    All its texts, names and ids count, and those in the JSON of a widget or of a tool call; of a
    JSON text with more than `COUNTED` characters, the beginning.
    """
    raw = item.raw
    if not _SUSPECT.search(raw, 0, COUNTED):
        return 0
    text = raw[:COUNTED].decode("utf-8", "replace")
    if _has_only_ordinary(text):
        return 0
    if len(raw) > COUNTED:
        return hidden_count(text)
    texts = _texts(_value(text), _JSON_FIELDS.get(type(item), ()))
    if isinstance(item, AssistantMessage | UserMessage):
        texts = (CITATION.sub("", it) for it in texts)
    # Most are printable ASCII, which counting would take a fifth of the time of a card for.
    return sum(hidden_count(it) for it in texts if not (it.isascii() and it.isprintable()))


def _has_only_ordinary(text: str) -> bool:
    """Return whether no text in JSON can have a hidden character, which parsing would find out in
    ten times as long."""
    numbers = set(_ESCAPE.findall(text))
    if "" in numbers:
        return False
    return is_ordinary(text.replace("\n", "") + "".join(chr(int(it, 16)) for it in numbers))


def _value(text: str) -> JSON:
    """Return the value of JSON text, or the text itself if it cannot be read."""
    try:
        return DECODER.decode(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return text


_JSON_FIELDS: Final[dict[type[Item], tuple[str, ...]]] = {
    WidgetItem: ("widget",),
    ClientToolCall: ("arguments", "output"),
}
"""Fields that hold JSON in a string."""


def _texts(value: JSON, json_fields: Collection[str]) -> Iterator[str]:
    """Yield all texts in a value, including keys. No recursion: nesting has no limit."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, list):
            waiting += found
        elif isinstance(found, dict):
            for name, entry in found.items():
                is_json = found is value and name in json_fields and isinstance(entry, str)
                waiting += (name, _value(entry) if is_json else entry)


# -- details ---------------------------------------------------------------------------------------


def _details(item: Item, context: RenderContext) -> tuple[Block, ...]:
    """Return ids, time, actions and invalid fields of an item, then its JSON.

    The JSON is indented and otherwise unchanged: digits, escapes, order and repetition of keys.
    """
    blocks: list[Block] = list(facts_blocks(item_facts(item, context)))
    if item.problems:
        blocks += (Blank(), *invalid_fields(item.problems))
    if isinstance(item, WidgetItem):
        blocks += _widget_details(item)
    return (*blocks, Blank(), _heading("JSON as it came"), *json_blocks(item.raw))


def facts_blocks(facts: Iterable[tuple[str, str | Iterable[Inline]]]) -> Iterator[Block]:
    """Yield names and values in two columns; a value is text of a source, or spans."""
    listed = list(facts)
    width = max(len(name) for name, _ in listed) + 2
    for name, value in listed:
        spans = (untrusted(value),) if isinstance(value, str) else tuple(value)
        yield Indented((Paragraph(spans),), Span(name.ljust(width), FIELD), Span(" " * width, DIM))


def item_facts(item: Item, context: RenderContext) -> list[tuple[str, str]]:
    facts = [("item", item.id or "no id"), ("type", item.type or "no type")]
    if item.thread_id:
        facts.append(("thread", item.thread_id))
    if item.time is None:
        facts.append(("time", "unknown"))
    else:
        exact = moment(item.time.seconds, context.zone, precise=True)
        facts.append(("time", f"{exact} ({item.time.seconds}{_doubt(item.time)})"))
    if isinstance(item, ClientToolCall) and item.call_id:
        facts.append(("call", item.call_id))
    if isinstance(item, UserMessage):
        facts += [
            ("attachment", sent.id)
            for sent in item.attachments
            if isinstance(sent, Attachment) and sent.id
        ]
    facts.append(("size", f"{len(item.raw):,} bytes"))
    return facts


def _doubt(time: Timestamp) -> str:
    """Return why a time may be wrong; "" if nothing says so."""
    if time.naive:
        return ", sent without a time zone"
    return ", decoded from the id" if time.approximate else ""


def _widget_details(item: WidgetItem) -> Iterator[Block]:
    """Yield the actions of a widget, and its own JSON, which is a string inside the item's."""
    tree = read_widget(item.widget)
    if found := actions(tree):
        yield Blank()
        yield _heading("action" if len(found) == 1 else f"{len(found)} actions")
        for action in found:
            path: list[Inline] = []
            for step in action.path.split(" › "):
                path += (SymbolSpan(" › ", " > ", DIM), untrusted(step, DIM))
            path += (SymbolSpan(" · ", " | ", DIM), untrusted(action.prop, DIM))
            yield indented(*action_blocks(action), Paragraph(tuple(path[1:])))
    if tree.root is not None:
        yield Blank()
        yield _heading("widget")
        yield from json_blocks(item.widget)


def _heading(text: str) -> Paragraph:
    return Paragraph((Span(text, FIELD),))
