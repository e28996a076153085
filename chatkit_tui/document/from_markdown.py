"""Markdown as blocks: CommonMark with the additions that chat models write.

The tokens of markdown-it become blocks. Formulas and most of HTML are shown as they are written,
nothing is fetched, and no word is lost: text that the grammar drops (link definitions, deep
nesting) is shown unchanged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from chatkit_tui.document.blocks import (
    Blank,
    Block,
    Code,
    Indented,
    Paragraph,
    Rule,
    Table,
    indented,
)
from chatkit_tui.document.code import is_known
from chatkit_tui.document.markdown_parser import (
    BRACKET_WORK,
    bracket_work,
    inline_tokens,
    parser_for,
)
from chatkit_tui.document.markdown_spans import html_spans, inline_spans
from chatkit_tui.document.spans import (
    BULLET,
    CHOICE,
    DIM,
    PLAIN,
    QUOTE,
    Inline,
    Role,
    Span,
    Style,
    SymbolSpan,
    UntrustedSpan,
    data_as_words,
    shorter_data,
    text_spans,
    untrusted,
)
from chatkit_tui.models.json import mend
from chatkit_tui.text.sanitize import Untrusted

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST: Final = 50_000
"""Characters that are read as Markdown; the rest is shown unchanged."""

MOST_LINES: Final = 5_000
"""Lines that are read as Markdown, likewise."""

LONGEST_PARAGRAPH: Final = 10_000
"""Characters of the longest paragraph whose emphasis and links are read."""

DEEPEST_DETAILS: Final = 20
"""Levels of `<details>` inside one another; deeper ones stand side by side."""

_TERM: Final = 7
"""What stands for the level of a heading in a term, which is bold as well."""

_BULLET: Final = BULLET.span()
_QUOTE: Final = QUOTE.span()
_CODE_INDENT: Final = Span("  ", Style("code"))
_LEAVES: Final = frozenset(
    {
        "paragraph_open",
        "heading_open",
        "table_open",
        "fence",
        "code_block",
        "hr",
        "html_block",
        "formula",
    }
)
_CONTAINERS: Final = frozenset(
    {
        "bullet_list",
        "ordered_list",
        "list_item",
        "blockquote",
        "footnote_reference",
        "dl",
        "dd",
    }
)
_ALERT: Final = re.compile(
    r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)", re.IGNORECASE
)
_ALERT_ROLES: Final[dict[str, Role]] = {
    "NOTE": "link",
    "TIP": "good",
    "IMPORTANT": "heading",
    "WARNING": "busy",
    "CAUTION": "bad",
}
_LINE_BREAK: Final = (Span("\n"),)
_DETAILS: Final = re.compile(r"<(/?)(details|summary)\b[^<>]{0,200}>", re.IGNORECASE)
_TASK: Final = re.compile(r"\[[ xX]\] ")
# A line with markers of lists and quotes, and no word.
_MARKS_ALONE: Final = re.compile(r"[\s>*+\-]*(?:\d{1,9}[.)])?[\s>*+\-]*")
_CELL_END: Final = re.compile(r"(?<!\\)\|")
_QUOTE_MARKS: Final = re.compile(r"^[ >]+")


def markdown_blocks(text: str) -> tuple[Block, ...]:
    """Return Markdown of a source as blocks. Never raise.

    This takes about 0.2 ms for a message of 70 words; the limits above bound the worst case.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, rest = _bounded(mend(shorter_data(text)))  # the parser cannot encode a lone surrogate
    env: dict[str, Any] = {}
    md = parser_for(text)
    builder = _Builder(text, md, env)
    for token in md.parse(text, env):
        builder.add_token(token)
    blocks = builder.finish()
    if rest:
        blocks = (*blocks, Blank(), _unread(rest))
    return blocks


def _bounded(text: str) -> tuple[str, str]:
    """Return the text that is read as Markdown, and the rest; split between paragraphs."""
    if len(text) <= LONGEST and text.count("\n") < MOST_LINES:
        return text, ""
    end = LONGEST
    if text.count("\n", 0, end) >= MOST_LINES:
        end = -1
        for _ in range(MOST_LINES):
            end = text.index("\n", end + 1)
    cut = text.rfind("\n\n", 0, end)
    cut = end if cut < 0 else cut
    return text[:cut], text[cut:].strip("\n")


class _Container:
    """An open container: the document, a quote, a list, a note, or an item of a list.

    A group is one block, or all items of a list; empty lines separate groups.
    """

    __slots__ = ("end", "groups", "items", "kind", "label", "loose", "start")

    def __init__(self, kind: str, end: int = 0, start: int = 1) -> None:
        self.kind = kind
        self.end = end
        self.start = start
        self.groups: list[tuple[Block, ...]] = []
        self.items: list[list[tuple[Block, ...]]] = []
        self.loose = False
        self.label: tuple[Inline, ...] = ()
        """The mark of a note or a definition, or the summary of details."""


class _Builder:
    """Builds blocks from the tokens of the parser."""

    def __init__(self, text: str, md: MarkdownIt, env: dict[str, Any]) -> None:
        self._source = text.split("\n")
        self._parser = md
        self._env = env
        self._next_line = 0  # the first line of the source that is in no block yet
        self._open = [_Container("document")]
        self._quotes = 0
        self._bracket_work = BRACKET_WORK
        self._heading = 0
        self._rows: list[list[tuple[Inline, ...]]] | None = None
        self._align: list[str] = []
        self._row_line = 0

    def add_token(self, token: Token) -> None:
        """Add the block of a token, or keep it for the next token."""
        kind = token.type
        if kind == "inline":
            self._text(token)
        elif kind in _LEAVES:
            self._reach(token)
            self._leaf(token)
        elif kind == "table_close" and self._rows is not None:
            self._add(Table(tuple(map(tuple, self._rows)), tuple(self._align)))
            self._rows = None
        elif kind == "tr_open" and self._rows is not None:
            self._rows.append([])
            self._row_line = token.map[0] if token.map else 0
        elif kind == "tr_close" and self._rows:
            self._rows[-1] += self._surplus_cells(len(self._rows[-1]))
        elif kind == "th_open":
            side = str(token.attrs.get("style", "")).removeprefix("text-align:")
            self._align.append(side or "left")
        elif kind == "dt_open":
            self._begin_term(token)
        else:
            self._nest(token)

    def _leaf(self, token: Token) -> None:
        kind = token.type
        if kind == "paragraph_open":
            self._heading = 0
            # One separate paragraph makes its whole list loose.
            if not token.hidden and self._open[-1].kind in {"list_item", "dd"}:
                self._open[-2].loose = True
        elif kind == "heading_open":
            self._heading = int(token.tag[1:])
        elif kind == "table_open":
            self._rows, self._align, self._heading = [], [], 0
        elif kind == "hr":
            self._add(Rule())
        elif kind == "html_block":
            self._html(token.content)
        elif kind == "formula":
            code = Code(Untrusted(data_as_words(token.content)))
            self._add(Indented((code,), _CODE_INDENT, _CODE_INDENT))
        else:
            self._code(token)

    def finish(self) -> tuple[Block, ...]:
        """Return the blocks of the whole text after the last token."""
        self._close_details()
        self._reach_line(len(self._source))
        return _flat(self._open[0].groups, spaced=True)

    def _nest(self, token: Token) -> None:
        name, _, side = token.type.rpartition("_")
        if name not in _CONTAINERS:
            return
        if side == "open":
            first, end = token.map or (0, 0)
            if name != "list_item":  # a list has nothing between its items
                self._reach_line(first)
            opened = _Container(name, end, int(token.attrs.get("start", 1)))
            if name == "dd":
                opened.label = (Span("~ " if self._is_tilde(first) else "  ", DIM),)
            if name == "footnote_reference":
                opened.label = (untrusted(f"[{token.meta['label']}] ", DIM),)
            self._open.append(opened)
            self._quotes += name == "blockquote"
            return
        self._close_details()
        if name not in {"bullet_list", "ordered_list", "dl"}:
            self._reach_line(self._open[-1].end)
        closed = self._open.pop()
        self._quotes -= name == "blockquote"
        if name == "list_item":
            self._open[-1].items.append(closed.groups)
        elif name == "blockquote":
            self._add(Indented(_flat(closed.groups, spaced=True), _QUOTE, _QUOTE))
        elif name == "footnote_reference":
            (label,) = closed.label
            self._add(Indented(_flat(closed.groups, spaced=True), label, _CODE_INDENT))
        elif name == "dd":
            content = _flat(closed.groups, spaced=self._open[-1].loose)
            (marker,) = closed.label
            self._add(Indented(content, marker, Span("  ", DIM)))
        elif name == "dl":
            self._open[-1].groups.append(_flat(closed.groups, spaced=False))
        else:
            self._add_list(closed)

    def _begin_term(self, token: Token) -> None:
        """Begin a term of a definition list, which is one line of the source."""
        line = token.map[0] if token.map else 0
        self._reach_line(line)
        self._next_line = max(self._next_line, line + 1)
        self._heading = _TERM
        if line and self._open[-1].groups and not self._source[line - 1].strip(" >"):
            self._add(Blank())

    def _is_tilde(self, line: int) -> bool:
        """Return whether the first mark of a definition from a line on is a tilde."""
        lines = self._source[max(line, self._next_line) :][:2]
        marks = [text.lstrip(" >") for text in lines]
        return next((mark for mark in marks if mark), "").startswith("~")

    def _html(self, text: str) -> None:
        """Add a block of HTML: `<details>` is a container, its summary a line."""
        summary: tuple[Inline, ...] | None = None
        pieces = _DETAILS.split(text)
        self._add_html(pieces[0])
        for slash, name, piece in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
            if name.lower() == "summary":
                summary = None if slash else html_spans(piece.strip(), Style(bold=True))
                if not slash:
                    self._add_summary(summary or ())
                    continue
            elif slash:
                self._close_details(1)
            else:
                self._open_details()
            self._add_html(piece)

    def _add_html(self, text: str) -> None:
        if text := text.strip("\n"):
            role: Role = "quote" if self._quotes else "text"
            if text.strip():
                self._add(Paragraph(html_spans(text, Style(role))))

    def _open_details(self) -> None:
        depth = sum(container.kind == "details" for container in self._open)
        if depth < DEEPEST_DETAILS:
            self._open.append(_Container("details"))

    def _add_summary(self, summary: tuple[Inline, ...]) -> None:
        if self._open[-1].kind == "details" and not self._open[-1].label:
            self._open[-1].label = summary
        else:
            self._add(Paragraph((CHOICE.span(), *summary)))

    def _close_details(self, most: int = MOST_LINES) -> None:
        """Close the open `<details>`, at most a number of them, innermost first."""
        while most and self._open[-1].kind == "details":
            most -= 1
            closed = self._open.pop()
            head = Paragraph((CHOICE.span(), *(closed.label or (Span("details", DIM),))))
            content = _flat(closed.groups, spaced=True)
            self._open[-1].groups.append((head, indented(*content)) if content else (head,))

    def _add(self, block: Block) -> None:
        self._open[-1].groups.append((block,))

    def _add_list(self, closed: _Container) -> None:
        numbered = closed.kind == "ordered_list"
        last = closed.start + len(closed.items) - 1
        blocks: list[Block] = []
        for number, item in enumerate(closed.items, closed.start):
            marker: Span | SymbolSpan = _BULLET
            if numbered:
                marker = Span(f"{number}. ".rjust(len(f"{last}. ")), DIM)
            content = _flat(item, spaced=closed.loose)
            if not numbered:
                marker, content = _task(content)
            if closed.loose and blocks:
                blocks.append(Blank())
            blocks.append(Indented(content, marker, Span(" " * len(marker.text))))
        self._open[-1].groups.append(tuple(blocks))

    def _text(self, token: Token) -> None:
        content = token.content
        alert: tuple[Inline, ...] = ()
        is_first = self._open[-1].kind == "blockquote" and not self._open[-1].groups
        if is_first and (match := _ALERT.match(content)):
            kind = match[1].upper()
            content = content[match.end() :]
            alert = (Span(kind, Style(_ALERT_ROLES[kind], bold=True)), *_LINE_BREAK[: len(content)])
        style = self._text_style()
        if not self._is_affordable(content):
            spans = _unread(content, style).spans
        else:
            spans = inline_spans(inline_tokens(self._parser, content, self._env), style)
        if 0 < self._heading < _TERM:
            spans = (SymbolSpan("", "#" * self._heading + " ", style), *spans)
        self._heading = 0
        if self._rows is not None:
            self._rows[-1].append(spans)
        elif spans or alert:
            self._add(Paragraph((*alert, *spans)))

    def _text_style(self) -> Style:
        """Return the style of a paragraph: the first two levels of headings have a color."""
        if self._heading in (1, 2):
            return Style("heading", bold=True, underline=self._heading == 1)
        header_row = self._rows is not None and len(self._rows) == 1
        role: Role = "quote" if self._quotes else "text"
        return Style(role, bold=bool(self._heading) or header_row)

    def _surplus_cells(self, count: int) -> list[tuple[Inline, ...]]:
        """Return the cells of a row beyond those of the header, which the grammar drops."""
        line = self._source[self._row_line]
        if line.count("|") <= count:
            return []
        row = _QUOTE_MARKS.sub("", line).strip().removeprefix("|")
        cells = [cell.strip() for cell in _CELL_END.split(row)]
        return [(untrusted(cell),) for cell in cells[count:] if cell]

    def _is_affordable(self, content: str) -> bool:
        work = bracket_work(content, self._env)
        if len(content) > LONGEST_PARAGRAPH or work > self._bracket_work:
            return False
        self._bracket_work -= work
        return True

    def _code(self, token: Token) -> None:
        language, _, more = token.info.strip().partition(" ")
        if language and (more or not is_known(language)):
            self._add(Paragraph((untrusted(token.info.strip(), DIM),)))
        code = Code(Untrusted(data_as_words(token.content)), language)
        self._add(Indented((code,), _CODE_INDENT, _CODE_INDENT))

    def _reach(self, token: Token) -> None:
        if token.map:
            self._reach_line(token.map[0])
            self._next_line = max(self._next_line, token.map[1])

    def _reach_line(self, line: int) -> None:
        """Add the lines of the source that the grammar consumed without a token."""
        while self._next_line < line:
            text = self._source[self._next_line]
            self._next_line += 1
            if not _MARKS_ALONE.fullmatch(text):
                self._add(Paragraph((untrusted(_QUOTE_MARKS.sub("", text), DIM),)))


def _unread(text: str, style: Style = PLAIN) -> Paragraph:
    return Paragraph(text_spans(text, style, breaks=True))


def _task(item: tuple[Block, ...]) -> tuple[Span | SymbolSpan, tuple[Block, ...]]:
    """Return the marker of an item, and the item; the checkbox is the marker in a task list."""
    if item and isinstance(item[0], Paragraph) and item[0].spans:
        first, *others = item[0].spans
        if isinstance(first, UntrustedSpan) and (match := _TASK.match(first.text.unsafe)):
            rest = first._replace(text=Untrusted(first.text.unsafe[match.end() :]))
            return Span(match[0], Style("field")), (Paragraph((rest, *others)), *item[1:])
    return _BULLET, item


def _flat(groups: list[tuple[Block, ...]], *, spaced: bool) -> tuple[Block, ...]:
    """Return the blocks of the groups, with an empty line between two groups if `spaced`."""
    blocks: list[Block] = []
    for group in groups:
        if spaced and blocks:
            blocks.append(Blank())
        blocks += group
    return tuple(blocks)
