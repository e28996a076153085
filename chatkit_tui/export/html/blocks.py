"""Blocks of a document as HTML: paragraphs, lists, tables, code, folds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final, NamedTuple

from chatkit_tui.document.blocks import (
    Blank,
    Block,
    Code,
    Fold,
    Indented,
    Paragraph,
    Preformatted,
    Rule,
    Table,
)
from chatkit_tui.document.code import code_lines
from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import (
    BULLET,
    CHECKED,
    QUOTE,
    UNCHECKED,
    Inline,
    Span,
    SymbolSpan,
    UntrustedSpan,
    line_text,
    raw_text,
)
from chatkit_tui.export.html.markup import element, inline_html
from chatkit_tui.text.plain import counted

HEADINGS_ABOVE: Final = 2
"""Levels of headings that the title and the items take."""
_LINE: Final = 90
"""Characters of a line, by which the height of a fold is estimated."""
_NUMBER: Final = re.compile(r"\s*(\d{1,9})\.?\s*")
_CHECKBOX: Final = re.compile(r"\[([ xX])\] ")
_LANGUAGE: Final = re.compile(r"[\w+#.-]{1,30}")


def blocks_html(blocks: Iterable[Block]) -> str:
    """Return blocks in turn; neighbors that are entries of one list are in one list."""
    return "".join(_grouped(blocks))


def _grouped(blocks: Iterable[Block]) -> Iterator[str]:
    for kind, group in groupby(_entries(blocks), lambda entry: entry.kind):
        if not kind:
            yield from (block_html(entry.block) for entry in group)
            continue
        entries = "".join(entry.html for entry in group)
        list_name, _, look = kind.partition(".")
        yield element(list_name, entries, class_=look)


class _Entry(NamedTuple):
    """A block, and the kind of list that it is an entry of."""

    kind: str
    block: Block
    html: str = ""


def _entries(blocks: Iterable[Block]) -> Iterator[_Entry]:
    """Yield blocks as entries; empty lines between two entries of a list are dropped."""
    blank: Block | None = None
    before = ""
    for block in blocks:
        if isinstance(block, Blank):
            blank = block
            continue
        entry = _entry(block) if isinstance(block, Indented) else _Entry("", block)
        if blank is not None and (not entry.kind or entry.kind != before):
            yield _Entry("", blank)
        yield entry
        blank, before = None, entry.kind


def _entry(block: Indented) -> _Entry:
    """Return a list item, or a name and its value; others are entries of no list."""
    first = block.first
    label = line_text(safe_spans((first,)))
    if not isinstance(first, UntrustedSpan) and (number := _NUMBER.fullmatch(label)):
        item = element("li", blocks_html(block.blocks), value=int(number[1]))
        return _Entry("ol", block, item)
    if first == BULLET.span():
        return _Entry("ul", block, element("li", blocks_html(block.blocks)))
    if isinstance(first, Span) and (box := _CHECKBOX.fullmatch(label)):
        sign = UNCHECKED.sign if box[1] == " " else CHECKED.sign
        content = element("span", sign, class_="mark") + _division(blocks_html(block.blocks))
        return _Entry("ul.tasks", block, element("li", content, class_="marked"))
    is_name = isinstance(first, UntrustedSpan) or (
        isinstance(first, Span) and first.style.role == "field"
    )
    if is_name and label.strip():
        name = element("dt", inline_html((first,)).strip(), dir="auto")
        return _Entry("dl.pairs", block, name + element("dd", blocks_html(block.blocks)))
    return _Entry("", block)


def block_html(block: Block) -> str:
    """Return one block. Raise `TypeError` for a widget, which `boxes` draws.

    A parser drops the line break at the beginning of preformatted text, so there is one more.
    """
    if isinstance(block, Paragraph):
        return _paragraph(block.spans)
    if isinstance(block, Preformatted):
        lines = "\n".join(inline_html(line, in_code=True) for line in block.lines)
        return element("pre", f"\n{lines}", dir="auto")
    if isinstance(block, Code):
        lines = "\n".join(inline_html(line, in_code=True) for line in code_lines(block))
        name = block.language if _LANGUAGE.fullmatch(block.language) else ""
        return element("pre", f"\n{element('code', lines)}", class_="code", title=name, dir="ltr")
    if isinstance(block, Table):
        return table_html(block)
    if isinstance(block, Rule):
        return element("hr")
    if isinstance(block, Blank):
        return element("div", class_="gap")
    if isinstance(block, Indented):
        return _indented(block)
    if isinstance(block, Fold):
        return _fold(block)
    raise TypeError("a widget is drawn by its boxes")


def _paragraph(spans: Sequence[Inline]) -> str:
    """Return a paragraph, or a heading if the mark of one is in front of it."""
    first = spans[0] if spans else None
    if isinstance(first, SymbolSpan) and not first.text and first.ascii.startswith("#"):
        level = min(6, HEADINGS_ABOVE + len(first.ascii.strip()))
        return element(f"h{level}", inline_html(spans), dir="auto")
    html = inline_html(spans)
    return element("p", html, dir="auto") if html else ""


def _division(html: str) -> str:
    return element("div", html)


def _indented(block: Indented) -> str:
    """Return a quote, or blocks behind a mark or space."""
    content = blocks_html(block.blocks)
    if block.first == QUOTE.span():
        return element("blockquote", content)
    if not line_text(safe_spans((block.first,))).strip():
        is_code = len(block.blocks) == 1 and isinstance(block.blocks[0], Code)
        return content if is_code else element("div", content, class_="indent")
    mark = element("span", inline_html((block.first,)).strip(), class_="mark")
    return element("div", mark + _division(content), class_="marked")


def table_html(table: Table) -> str:
    """Return a table, in a box that scrolls where it is too wide."""
    rows = []
    for number, row in enumerate(table.rows):
        is_header = table.header and not number
        cells = (
            element(
                "th" if is_header else "td",
                inline_html(cell),
                class_=_side(table, column),
                scope="col" if is_header else None,
                dir="auto",
            )
            for column, cell in enumerate(row)
        )
        rows.append(element("tr", "".join(cells)))
    return scrolling_table("".join(rows[: table.header]), "".join(rows[table.header :]))


def scrolling_table(head: str, body: str) -> str:
    """Return a table of rows."""
    parts = (element("thead", head) if head else "") + (element("tbody", body) if body else "")
    return element("div", element("table", parts), class_="table")


def _side(table: Table, column: int) -> str:
    side = table.align[column] if column < len(table.align) else ""
    return side if side in ("center", "right") else ""


# -- folds -----------------------------------------------------------------------------------------


def _fold(fold: Fold) -> str:
    """Return the first lines of a fold, and the others behind a line that opens them."""
    shown, rest = _split(tuple(fold.blocks), fold.limit)
    if not rest:
        return blocks_html(shown)
    words = fold.rest.text.strip(" …") if fold.rest else ""
    more = words or counted(sum(map(_height, rest)), "more line")
    return blocks_html(shown) + folded(escape(more), blocks_html(rest))


def folded(summary: str, content: str) -> str:
    """Return content that is hidden until the reader opens it."""
    return element("details", element("summary", summary) + element("div", content, class_="body"))


def _split(blocks: Sequence[Block], limit: int) -> tuple[Sequence[Block], Sequence[Block]]:
    """Return the blocks with at most `limit` lines, and the rest, which has two lines at least."""
    heights = [_height(block) for block in blocks]
    if sum(heights) <= limit + 1:
        return blocks, ()
    for number, (block, height) in enumerate(zip(blocks, heights, strict=True)):
        if height > limit:
            if not isinstance(block, Preformatted) or not limit:
                return blocks[:number], blocks[number:]
            front = block._replace(lines=block.lines[:limit])
            back = block._replace(lines=block.lines[limit:])
            return (*blocks[:number], front), (back, *blocks[number + 1 :])
        limit -= height
    return blocks, ()


def _height(block: Block) -> int:
    """Return about how many lines a block takes on a wide page."""
    if isinstance(block, Paragraph):
        return sum(1 + len(line) // _LINE for line in raw_text(block.spans).split("\n"))
    if isinstance(block, Preformatted):
        return len(block.lines)
    if isinstance(block, Code):
        return len(block.lines())
    if isinstance(block, Table):
        return len(block.rows)
    if isinstance(block, (Indented, Fold)):
        return sum(map(_height, block.blocks))
    return 1
