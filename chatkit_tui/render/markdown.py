"""Markdown as blocks: CommonMark with tables and strikethrough, as chat models write it.

A walk of our own over the tokens of markdown-it. No HTML is drawn, nothing is fetched, and no
word is lost: what the grammar drops (link definitions, nesting that is too deep) is shown as it
was written.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from chatkit_tui.document.blocks import Blank, Block, Indented, Paragraph, Rule, Table
from chatkit_tui.document.spans import DIM, Role, Span, Style
from chatkit_tui.render.code import code_block, knows
from chatkit_tui.render.inline import inline_spans
from chatkit_tui.render.untrusted_spans import shown
from chatkit_tui.text.sanitize import symbol_for

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST: Final = 50_000
"""Characters that are read as Markdown; what comes after them is shown as it was written."""

MOST_LINES: Final = 5_000
"""Lines that are read as Markdown, likewise."""

LONGEST_PARAGRAPH: Final = 10_000
"""Characters of the longest paragraph in which emphasis and links are looked for."""

BRACKET_WORK: Final = 8_000_000
"""Steps spent on brackets: at each one the parser may look through the rest of its paragraph.

Paragraphs that would take more are shown as they were written; 8 million take some 50 ms.
"""

DEEPEST: Final = 100
"""Levels of nesting (a list counts two) that are read as such."""

_BULLET: Final = Span("• ", DIM)
_QUOTE: Final = Span("│ ", Style("quote"))
_CODE_INDENT: Final = Span("  ", Style("code"))
_LEAVES: Final = frozenset(
    {"paragraph_open", "heading_open", "table_open", "fence", "code_block", "hr", "html_block"}
)
_TASK: Final = re.compile(r"\[[ xX]\] ")
# markdown-it replaces NUL and cannot take half a surrogate pair.
_UNREADABLE: Final = re.compile("[\0\ud800-\udfff]")
# A line that has the marks of lists and quotes, and no word.
_MARKS_ALONE: Final = re.compile(r"[\s>*+\-]*(?:\d{1,9}[.)])?[\s>*+\-]*")
_CELL_END: Final = re.compile(r"(?<!\\)\|")
_QUOTE_MARKS: Final = re.compile(r"^[ >]+")


def markdown_blocks(text: str) -> tuple[Block, ...]:
    """Read foreign Markdown into blocks; never raises for what the text says.

    Reading takes some 0.2 ms for a message of 70 words, and is bounded for the worst of texts:
    see the limits above.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _UNREADABLE.search(text):
        text = _UNREADABLE.sub(lambda match: symbol_for(match[0]), text)
    text, rest = _bounded(text)
    env: dict[str, Any] = {}
    parser = _parser()
    walk = _Walk(text, parser, env)
    for token in parser.parse(text, env):
        walk.take(token)
    blocks = walk.finish()
    if rest:
        blocks = (*blocks, Blank(), Paragraph(shown(rest, breaks=True)))
    return blocks


def _bounded(text: str) -> tuple[str, str]:
    """What is read as Markdown, and the rest; cut between two paragraphs where there are some."""
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


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    # Paragraphs are read one by one in the walk, where their length is known.
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


class _Container:
    """Blocks that are being collected: the document, a quote, a list, or an item of one.

    A group is what an empty line sets apart: one block, or all items of a list.
    """

    __slots__ = ("end", "groups", "items", "kind", "loose", "start")

    def __init__(self, kind: str, end: int = 0, start: int = 1) -> None:
        self.kind = kind
        self.end = end
        self.start = start
        self.groups: list[tuple[Block, ...]] = []
        self.items: list[list[tuple[Block, ...]]] = []
        self.loose = False


class _Walk:
    """The state between two tokens."""

    def __init__(self, text: str, parser: MarkdownIt, env: dict[str, Any]) -> None:
        self._source = text.split("\n")
        self._parser = parser
        self._env = env
        self._next_line = 0  # the first line of the source that nothing has been drawn of
        self._open = [_Container("document")]
        self._quotes = 0
        self._bracket_work = BRACKET_WORK
        self._heading = 0
        self._rows: list[list[tuple[Span, ...]]] | None = None
        self._align: list[str] = []
        self._row_line = 0

    def take(self, token: Token) -> None:
        """Draw what a token says, or remember it for the next."""
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
        else:
            self._nest(token)

    def _leaf(self, token: Token) -> None:
        kind = token.type
        if kind == "paragraph_open":
            self._heading = 0
            # A paragraph that is set apart makes its whole list so.
            if not token.hidden and self._open[-1].kind == "list_item":
                self._open[-2].loose = True
        elif kind == "heading_open":
            self._heading = int(token.tag[1:])
        elif kind == "table_open":
            self._rows, self._align, self._heading = [], [], 0
        elif kind == "hr":
            self._add(Rule())
        elif kind == "html_block":
            self._add(Paragraph(shown(token.content.rstrip("\n"), breaks=True)))
        else:
            self._code(token)

    def finish(self) -> tuple[Block, ...]:
        """The blocks of the whole text, once all tokens were taken."""
        self._reach_line(len(self._source))
        return _flat(self._open[0].groups, spaced=True)

    def _nest(self, token: Token) -> None:
        name, _, side = token.type.rpartition("_")
        if name not in {"bullet_list", "ordered_list", "list_item", "blockquote"}:
            return
        if side == "open":
            first, end = token.map or (0, 0)
            if name != "list_item":  # a list holds items and nothing between them
                self._reach_line(first)
            self._open.append(_Container(name, end, int(token.attrs.get("start", 1))))
            self._quotes += name == "blockquote"
            return
        if name in {"list_item", "blockquote"}:
            self._reach_line(self._open[-1].end)
        closed = self._open.pop()
        self._quotes -= name == "blockquote"
        if name == "list_item":
            self._open[-1].items.append(closed.groups)
        elif name == "blockquote":
            self._add(Indented(_flat(closed.groups, spaced=True), _QUOTE, _QUOTE))
        else:
            self._add_list(closed)

    def _add(self, block: Block) -> None:
        self._open[-1].groups.append((block,))

    def _add_list(self, closed: _Container) -> None:
        numbered = closed.kind == "ordered_list"
        last = closed.start + len(closed.items) - 1
        blocks: list[Block] = []
        for number, item in enumerate(closed.items, closed.start):
            marker = Span(f"{number}. ".rjust(len(f"{last}. ")), DIM) if numbered else _BULLET
            content = _flat(item, spaced=closed.loose)
            if not numbered:
                marker, content = _task(content)
            if closed.loose and blocks:
                blocks.append(Blank())
            blocks.append(Indented(content, marker, Span(" " * len(marker.text))))
        self._open[-1].groups.append(tuple(blocks))

    def _text(self, token: Token) -> None:
        role: Role = "heading" if self._heading else "quote" if self._quotes else "text"
        heading = self._heading
        header_row = self._rows is not None and len(self._rows) == 1
        if not self._is_affordable(token.content):
            spans = shown(token.content, Style(role), breaks=True)
        else:
            children: list[Token] = []
            self._parser.inline.parse(token.content, self._parser, self._env, children)
            spans = inline_spans(children, role, bold=bool(heading) or header_row)
        if self._rows is not None:
            self._rows[-1].append(spans)
        elif spans:
            self._add(Paragraph(spans))

    def _surplus_cells(self, count: int) -> list[tuple[Span, ...]]:
        """The cells that a row has beyond those of the header, which the grammar drops."""
        line = self._source[self._row_line]
        if line.count("|") <= count:
            return []
        row = _QUOTE_MARKS.sub("", line).strip().removeprefix("|")
        cells = [cell.strip() for cell in _CELL_END.split(row)]
        return [shown(cell) for cell in cells[count:] if cell]

    def _is_affordable(self, content: str) -> bool:
        work = len(content) * content.count("[")
        if len(content) > LONGEST_PARAGRAPH or work > self._bracket_work:
            return False
        self._bracket_work -= work
        return True

    def _code(self, token: Token) -> None:
        language, _, more = token.info.strip().partition(" ")
        if language and (more or not knows(language)):
            self._add(Paragraph(shown(token.info.strip(), DIM)))
        block = code_block(token.content, language)
        self._add(Indented((block,), _CODE_INDENT, _CODE_INDENT))

    def _reach(self, token: Token) -> None:
        if token.map:
            self._reach_line(token.map[0])
            self._next_line = max(self._next_line, token.map[1])

    def _reach_line(self, line: int) -> None:
        """Show the lines of the source that the grammar took and gave no token for."""
        while self._next_line < line:
            text = self._source[self._next_line]
            self._next_line += 1
            if not _MARKS_ALONE.fullmatch(text):
                self._add(Paragraph(shown(_QUOTE_MARKS.sub("", text), DIM)))


def _task(item: tuple[Block, ...]) -> tuple[Span, tuple[Block, ...]]:
    """The marker of an item, and the item; in a task list the box is the marker."""
    if item and isinstance(item[0], Paragraph) and item[0].spans:
        first, *others = item[0].spans
        if isinstance(first, Span) and (match := _TASK.match(first.text)):
            rest = Span(first.text[match.end() :], first.style)
            return Span(match[0], Style("field")), (Paragraph((rest, *others)), *item[1:])
    return _BULLET, item


def _flat(groups: list[tuple[Block, ...]], *, spaced: bool) -> tuple[Block, ...]:
    """The blocks of the groups, with an empty line between each two groups when `spaced`."""
    blocks: list[Block] = []
    for group in groups:
        if spaced and blocks:
            blocks.append(Blank())
        blocks += group
    return tuple(blocks)
