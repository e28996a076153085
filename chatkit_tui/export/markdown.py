"""Items and conversations as Markdown (GFM) that is inert wherever it is read.

Foreign text is sanitized and escaped: nothing in it becomes HTML, an image, a heading, or a link
other than http, https and mailto. A link shows its whole address. What the assistant wrote as
Markdown keeps its emphasis, lists, tables and code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from chatkit_tui.document.blocks import (
    Blank,
    Block,
    Code,
    Drawn,
    Fold,
    Indented,
    Paragraph,
    Preformatted,
    Rule,
    Table,
)
from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import QUOTE, Inline, Span, Style, SymbolSpan, line_text
from chatkit_tui.export.exported_thread import ExportedThread
from chatkit_tui.export.heading import (
    GAP,
    ConversationHead,
    end_words,
    export_context,
    exported_head,
    item_heading,
)
from chatkit_tui.export.text import encoded
from chatkit_tui.models.items import Item, read_item
from chatkit_tui.render import RenderContext, one_line
from chatkit_tui.render.items import item_blocks
from chatkit_tui.render.layout import arrange
from chatkit_tui.text.links import safe_link
from chatkit_tui.text.sanitize import sanitize

DRAWN_WIDTH: Final = 80
"""Cells of the drawing of a widget."""

_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>&~|$#]")
_AT_START: Final = re.compile(r"(?m)^( *)(?:([-+=:])|(\d{1,9})([.)]))")
_INDENT: Final = re.compile(r"(?m)^ +")
_OTHER_SCHEME: Final = re.compile(r"(?i)(?<!http)(?<!https)://|(?<=xmpp):")
_TICKS: Final = re.compile(r"`+")
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9_+.-]{1,30}")
_NUMBER: Final = re.compile(r"\s*(\d{1,9})\.?\s*")
_CHECKBOX: Final = re.compile(r"\[[ xX]\] ")
_ANSWER: Final = re.compile(r"[(\[]([ x])[)\]] ")
"""The plain form of the symbol in front of an option."""


def item_markdown(item: Item, context: RenderContext) -> str:
    """Return an item: a heading with author and time, then its body. May be called in a thread.

    Hidden characters become symbols, also for the clipboard.
    """
    context = export_context(context)._replace(plain=False)
    spans, time = item_heading(item, context)
    header = escape(one_line(line_text(safe_spans(spans))))
    paragraphs = [f"### {header} · {escape(time)}", *_paragraphs(item_blocks(item, context))]
    return "\n\n".join(paragraphs) + "\n"


def conversation_markdown(
    head: ConversationHead, items: Iterable[Item | None], context: RenderContext
) -> Iterator[str]:
    """Yield a conversation in pieces: its head, then each item after an empty line.

    None among the items stands for items that are not loaded.
    """
    yield head_markdown(head, context)
    for item in items:
        yield "\n" + (item_markdown(item, context) if item else f"*{GAP.strip()}*\n")


def thread_markdown(exported: ExportedThread, context: RenderContext) -> Iterator[bytes]:
    """Yield a file in pieces: the thread, and a last line, without which the file is incomplete."""
    head = exported_head(exported)
    context = context._replace(user=head.user)
    yield from encoded(conversation_markdown(head, map(read_item, exported.items()), context))
    end = escape(sanitize(one_line(end_words(head)), plain=False))
    yield from encoded((f"\n***\n\n{end}\n",))


def head_markdown(head: ConversationHead, context: RenderContext) -> str:
    """Return the title as a heading, and what is known of the thread as a list."""
    context = context._replace(plain=False)
    title = escape(sanitize(one_line(head.title), plain=False)) or "(untitled)"
    facts = (
        f"- {name}: {escape(sanitize(one_line(value), plain=False))}\n"
        for name, value in head.facts(context)
    )
    return f"# {title}\n\n{''.join(facts)}"


def escape(text: str) -> str:
    """Return sanitized text so that Markdown shows each of its characters."""
    text = _SPECIAL.sub(lambda match: "\\" + match[0], text)
    text = _OTHER_SCHEME.sub(lambda match: "\\" + match[0], text)
    text = _AT_START.sub(_escape_marker, text)
    return _INDENT.sub(lambda match: "\u00a0" * len(match[0]), text)


def _escape_marker(match: re.Match[str]) -> str:
    indent, mark, number, after = match.groups()
    return f"{indent}\\{mark}" if mark else f"{indent}{number}\\{after}"


def _fenced(text: str, language: str = "") -> str:
    fence = "`" * max(3, 1 + _longest_ticks(text))
    name = language if _LANGUAGE.fullmatch(language) else ""
    return f"{fence}{name}\n{text}\n{fence}"


def _longest_ticks(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)


# -- blocks ----------------------------------------------------------------------------------------


def _paragraphs(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield blocks as parts that an empty line separates."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from _running_text(block.spans)
        elif isinstance(block, Preformatted):
            yield _fenced("\n".join(line_text(safe_spans(line)) for line in block.lines))
        elif isinstance(block, Code):
            text = sanitize("\n".join(block.lines()), breaks=True, plain=False)
            yield _fenced(text, block.language)
        elif isinstance(block, Table):
            yield from _table(block)
        elif isinstance(block, Rule):
            yield "***"
        elif isinstance(block, Fold):
            yield from _paragraphs(block.blocks)
        elif isinstance(block, Indented):
            yield from _indented(block)
        elif isinstance(block, Drawn):
            lines = arrange((block,), DRAWN_WIDTH, open=True).lines
            yield _fenced("\n".join(line_text(line).rstrip() for line in lines))
        elif not isinstance(block, Blank):
            raise TypeError("a widget must be drawn as a picture")


def _indented(block: Indented) -> Iterator[str]:
    """Yield a quote, a list item, or text below or beside a label."""
    first = block.first
    label = line_text(safe_spans((first,)))
    parts = list(_paragraphs(block.blocks))
    if first == QUOTE.span():
        yield _prefixed("\n\n".join(parts), "> ", "> ")
        return
    marker = "- "
    if not label.strip():
        yield from parts
        return
    if number := _NUMBER.fullmatch(label):
        marker = f"{number[1]}. "
    elif isinstance(first, Span) and _CHECKBOX.fullmatch(label):
        marker += label
    elif isinstance(first, SymbolSpan) and (answer := _ANSWER.fullmatch(first.ascii)):
        marker += f"[{answer[1]}] "
    elif not isinstance(first, SymbolSpan):
        beside = block.blocks and isinstance(block.blocks[0], Paragraph)
        name = escape(label.strip())
        parts = [f"{name}: {parts[0]}", *parts[1:]] if beside and parts else [name, *parts]
    indent = " " * (2 if marker.startswith("-") else len(marker))
    yield _prefixed("\n\n".join(parts), marker, indent)


def _prefixed(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    prefixes = [first, *[rest] * (len(lines) - 1)]
    return "\n".join((prefix + line).rstrip() for prefix, line in zip(prefixes, lines, strict=True))


def _table(table: Table) -> Iterator[str]:
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    columns = max(map(len, rows), default=0)
    if not columns:
        return
    if not table.header:
        rows.insert(0, [])
    rows = [row + [""] * (columns - len(row)) for row in rows]
    sides = {"center": ":-:", "right": "--:"}
    align = [sides.get(side, "---") for side in table.align[:columns]]
    rows.insert(1, align + ["---"] * (columns - len(align)))
    yield "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(spans: Sequence[Inline]) -> str:
    text = " ".join(" ".join(part.split("\\\n")) for part in _running_text(spans))
    # Everything but the text in code is escaped; a table is cut at each other bar.
    return re.sub(r"(?<!\\)\|", r"\\|", text)


# -- running text ----------------------------------------------------------------------------------


def _running_text(inlines: Sequence[Inline]) -> Iterator[str]:
    """Yield the paragraphs of running text; other line breaks in it are hard ones."""
    lines = _split(safe_spans(inlines))
    for is_empty, group in groupby(lines, lambda line: not line_text(tuple(line)).strip()):
        if not is_empty:
            yield "\\\n".join(_line(line) for line in group)


def _split(spans: Iterable[Span]) -> list[list[Span]]:
    lines: list[list[Span]] = [[]]
    for text, style in spans:
        first, *others = text.split("\n")
        lines[-1].append(Span(first, style))
        lines += ([Span(other, style)] for other in others)
    return lines


def _line(spans: Sequence[Span]) -> str:
    parts: list[str] = []
    for span in spans:
        is_first = not any(parts)
        parts.append(_marked(span, is_first=is_first) if span.text else "")
    return "".join(parts).rstrip()


def _marked(span: Span, *, is_first: bool) -> str:
    text, style = span
    bare = text.strip()
    if not bare:
        return "" if is_first else text
    before, after = text[: text.index(bare)], text[text.index(bare) + len(bare) :]
    if style.link and safe_link(bare) == style.link:
        return f"{before}<{style.link}>{after}"
    if style.role == "code":
        return f"{before}{_code(bare)}{after}"
    # In front of a word a marker is at the start of the line; behind other spans it is not.
    shown = escape(text) if is_first else escape(f"x{text}")[1:]
    mark = _emphasis(style)
    if not mark:
        return shown
    return f"{before}{mark}{escape(bare)}{mark[::-1]}{after}"


def _emphasis(style: Style) -> str:
    return ("**" if style.bold else "") + ("*" if style.italic else "")


def _code(text: str) -> str:
    ticks = "`" * (1 + _longest_ticks(text))
    return f"{ticks} {text} {ticks}" if "`" in text else f"{ticks}{text}{ticks}"
