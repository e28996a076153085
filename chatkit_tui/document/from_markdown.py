"""Markdown as blocks: CommonMark with tables and strikethrough, as chat models write it.

The tokens of markdown-it become blocks. HTML is shown as text, nothing is fetched, and no word is
lost: text that the grammar drops (link definitions, deep nesting) is shown unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from chatkit_tui.document.blocks import (
    Blank,
    Block,
    Code,
    Indented,
    Paragraph,
    Rule,
    Table,
)
from chatkit_tui.document.code import is_known
from chatkit_tui.document.spans import (
    BULLET,
    DIM,
    PLAIN,
    QUOTE,
    Inline,
    Role,
    Span,
    Style,
    SymbolSpan,
    UntrustedSpan,
    raw_text,
    untrusted,
)
from chatkit_tui.models.json import mend
from chatkit_tui.text.links import safe_link
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

BRACKET_WORK: Final = 8_000_000
"""Steps spent on brackets: at each bracket the parser may scan the rest of its paragraph.

Further paragraphs with brackets are shown unchanged; 8 million steps take about 50 ms.
"""

DEEPEST: Final = 100
"""Levels of nesting that are read; a list counts two."""

_BULLET: Final = BULLET.span()
_QUOTE: Final = QUOTE.span()
_CODE_INDENT: Final = Span("  ", Style("code"))
_LEAVES: Final = frozenset(
    {"paragraph_open", "heading_open", "table_open", "fence", "code_block", "hr", "html_block"}
)
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
    text, rest = _bounded(mend(text))  # the parser cannot encode a lone surrogate
    env: dict[str, Any] = {}
    parser = _parser()
    builder = _Builder(text, parser, env)
    for token in parser.parse(text, env):
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


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    # Paragraphs are parsed one by one later, where their length is known.
    parser.core.ruler.enableOnly(["block"])
    return parser


class _Container:
    """An open container: the document, a quote, a list, or an item of a list.

    A group is one block, or all items of a list; empty lines separate groups.
    """

    __slots__ = ("end", "groups", "items", "kind", "loose", "start")

    def __init__(self, kind: str, end: int = 0, start: int = 1) -> None:
        self.kind = kind
        self.end = end
        self.start = start
        self.groups: list[tuple[Block, ...]] = []
        self.items: list[list[tuple[Block, ...]]] = []
        self.loose = False


class _Builder:
    """Builds blocks from the tokens of the parser."""

    def __init__(self, text: str, parser: MarkdownIt, env: dict[str, Any]) -> None:
        self._source = text.split("\n")
        self._parser = parser
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
        else:
            self._nest(token)

    def _leaf(self, token: Token) -> None:
        kind = token.type
        if kind == "paragraph_open":
            self._heading = 0
            # One separate paragraph makes its whole list loose.
            if not token.hidden and self._open[-1].kind == "list_item":
                self._open[-2].loose = True
        elif kind == "heading_open":
            self._heading = int(token.tag[1:])
        elif kind == "table_open":
            self._rows, self._align, self._heading = [], [], 0
        elif kind == "hr":
            self._add(Rule())
        elif kind == "html_block":
            self._add(_unread(token.content.rstrip("\n")))
        else:
            self._code(token)

    def finish(self) -> tuple[Block, ...]:
        """Return the blocks of the whole text after the last token."""
        self._reach_line(len(self._source))
        return _flat(self._open[0].groups, spaced=True)

    def _nest(self, token: Token) -> None:
        name, _, side = token.type.rpartition("_")
        if name not in {"bullet_list", "ordered_list", "list_item", "blockquote"}:
            return
        if side == "open":
            first, end = token.map or (0, 0)
            if name != "list_item":  # a list has nothing between its items
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
        role: Role = "heading" if self._heading else "quote" if self._quotes else "text"
        heading = self._heading
        header_row = self._rows is not None and len(self._rows) == 1
        if not self._is_affordable(token.content):
            spans: tuple[Inline, ...] = _unread(token.content, Style(role)).spans
        else:
            children: list[Token] = []
            self._parser.inline.parse(token.content, self._parser, self._env, children)
            spans = _inline_spans(children, role, bold=bool(heading) or header_row)
        if self._rows is not None:
            self._rows[-1].append(spans)
        elif spans:
            self._add(Paragraph(spans))

    def _surplus_cells(self, count: int) -> list[tuple[Inline, ...]]:
        """Return the cells of a row beyond those of the header, which the grammar drops."""
        line = self._source[self._row_line]
        if line.count("|") <= count:
            return []
        row = _QUOTE_MARKS.sub("", line).strip().removeprefix("|")
        cells = [cell.strip() for cell in _CELL_END.split(row)]
        return [(untrusted(cell),) for cell in cells[count:] if cell]

    def _is_affordable(self, content: str) -> bool:
        work = len(content) * content.count("[")
        if len(content) > LONGEST_PARAGRAPH or work > self._bracket_work:
            return False
        self._bracket_work -= work
        return True

    def _code(self, token: Token) -> None:
        language, _, more = token.info.strip().partition(" ")
        if language and (more or not is_known(language)):
            self._add(Paragraph((untrusted(token.info.strip(), DIM),)))
        code = Code(Untrusted(token.content), language)
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
    return Paragraph((UntrustedSpan(Untrusted(text), style, breaks=True),))


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


class _Writer:
    """The spans of a paragraph so far, and the style of the next one."""

    def __init__(self, role: Role, bold: bool) -> None:
        self.spans: list[Inline] = []
        self._role = role
        self._depth = {"strong": int(bold), "em": 0, "s": 0}
        self._links: list[tuple[int, str, str, str | None]] = []
        self.style = Style(role, bold)

    def add(self, text: str, style: Style, *, breaks: bool = False, links: bool = False) -> None:
        """Add text of the source."""
        if text:
            inside: Literal["", "inside"] = "inside" if links else ""
            self.spans.append(UntrustedSpan(Untrusted(text), style, breaks, inside))

    def turn(self, mark: str, step: int) -> None:
        """Switch emphasis on (`step` 1) or off (-1)."""
        self._depth[mark] += step
        self._restyle()

    def _restyle(self) -> None:
        link = self._links[-1][3] if self._links else None
        self.style = Style(
            "link" if self._links else self._role,
            bold=self._depth["strong"] > 0,
            italic=self._depth["em"] > 0,
            underline=bool(self._links),
            strike=self._depth["s"] > 0,
            link=link,
        )

    def open_link(self, href: str, title: str) -> None:
        self._links.append((len(self.spans), href, title, safe_link(href)))
        self._restyle()

    def close_link(self) -> None:
        start, href, title, link = self._links.pop()
        self._restyle()
        text = raw_text(self.spans[start:])
        named = text in {href, href.removeprefix("mailto:"), link}
        self._address("" if named else href, title, link, " (", ")")

    def image(self, alt: str, source: str, title: str) -> None:
        """Add an image in words; it is never fetched."""
        self.add(f"[image: {alt}]" if alt else "[image]", self.style._replace(role="dim"))
        self._address(source, title, safe_link(source), " ", "")

    def _address(self, href: str, title: str, link: str | None, before: str, after: str) -> None:
        if not href and not title:
            return
        dim = Style("dim")
        self.spans.append(Span(before, dim))
        self.add(href, Style("link", link=link) if link else dim)
        if title:
            self.add(f' "{title}"' if href else f'"{title}"', dim, breaks=True)
        self.spans.append(Span(after, dim))


def _inline_spans(tokens: Sequence[Token], role: Role, *, bold: bool) -> tuple[Inline, ...]:
    """Return the spans of a paragraph from the children of its `inline` token.

    A link is shown as its text and, if that differs, its address after it; HTML is shown
    unchanged, an image in words.
    """
    writer = _Writer(role, bold)
    for token in tokens:
        kind = token.type
        if kind in {"text", "text_special", "html_inline"}:
            writer.add(token.content, writer.style, links=writer.style.link is None)
        elif kind == "softbreak":
            writer.spans.append(Span(" ", writer.style))
        elif kind == "hardbreak":
            writer.spans.append(Span("\n", writer.style))
        elif kind == "code_inline":
            code = writer.style if writer.style.link else writer.style._replace(role="code")
            tick = SymbolSpan("", "`", code)  # plain output has no other mark
            writer.spans.append(tick)
            writer.add(token.content, code)
            writer.spans.append(tick)
        elif kind == "link_open":
            writer.open_link(str(token.attrs.get("href", "")), str(token.attrs.get("title", "")))
        elif kind == "link_close":
            writer.close_link()
        elif kind == "image":
            source, title = token.attrs.get("src", ""), token.attrs.get("title", "")
            writer.image(token.content, str(source), str(title))
        else:
            mark, _, side = kind.partition("_")
            writer.turn(mark, 1 if side == "open" else -1)
    return tuple(writer.spans)
