"""Styled text: spans of the program's own words and symbols, and of untrusted text.

A style names what a span *is*; the theme of the screen decides what that looks like, and text
output drops it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, TypeAlias

from chatkit_tui.text.links import data_words, safe_link, shorter_address
from chatkit_tui.text.sanitize import Untrusted

Role: TypeAlias = Literal[
    "text",
    "dim",  # secondary: rules, hints, ids
    "heading",  # Markdown headings, card titles
    "user",  # the header of a user message
    "assistant",
    "widget",
    "tool",
    "task",
    "unknown",  # the header of an item of an unknown type
    "link",
    "code",
    "code.keyword",
    "code.string",
    "code.number",
    "code.comment",
    "code.name",
    "quote",
    "field",  # a name in front of a value
    "good",  # completed, active
    "busy",  # in progress, locked
    "bad",  # broken, failed
    "key",  # a key in a hint; the cursor's bar
    "mark",  # the mark of a thread
    "chip",  # a badge in the header
    "hidden",  # the symbol for a character that must not reach the terminal
]

Paint: TypeAlias = Literal["red", "yellow", "green", "cyan", "blue", "magenta", "grey"]
"""The colors of a widget, reduced to those of a terminal (`render.colors`)."""


class Style(NamedTuple):
    """What a span is. Hashable and compared by value."""

    role: Role = "text"
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    link: str | None = None
    """A checked http, https or mailto address (`text.links`), or None."""
    color: Paint | None = None
    """The color of the text; None for the color of the role."""
    background: Paint | None = None
    """The color behind the text, which then has the color of the screen's background."""


PLAIN = Style()
DIM = Style("dim")
FIELD = Style("field")


class Span(NamedTuple):
    """Text of one style that is safe to draw: the program's own, or sanitized."""

    text: str
    style: Style = PLAIN


Line: TypeAlias = tuple[Span, ...]
"""One line of the screen, no wider than requested; its right side is not padded."""


def line_text(line: Iterable[Span]) -> str:
    return "".join([span.text for span in line])


class SymbolSpan(NamedTuple):
    """A symbol of the program, or words around one, with its form in plain output."""

    text: str
    ascii: str
    style: Style = DIM


class UntrustedSpan(NamedTuple):
    """Untrusted text of one style; the layout sanitizes it."""

    text: Untrusted
    style: Style = PLAIN
    breaks: bool = False
    """Whether line breaks stay; otherwise each is drawn as a symbol."""
    links: Literal["", "inside", "whole"] = ""
    """Whether web addresses inside the text become links, or the whole text is an address: hosts
    in other scripts are then drawn in Punycode."""


Inline: TypeAlias = Span | SymbolSpan | UntrustedSpan
"""A piece of running text in a block."""


def untrusted(text: str, style: Style = PLAIN) -> UntrustedSpan:
    """Return text of a source as a span of one line."""
    return UntrustedSpan(Untrusted(text), style)


def spaced(*inlines: Inline) -> tuple[Inline, ...]:
    """Return the spans that have text, with space between them."""
    spans: list[Inline] = []
    for inline in inlines:
        if inline.text:
            spans += (Span("  "), inline) if spans else (inline,)
    return tuple(spans)


CITATION: Final = re.compile("\ue200(\\w{1,40}(?:\ue202[^\ue200-\ue202\\n]{0,200}){0,50})\ue201")
"""A citation between private-use characters, as models write it: its kind and its sources."""

_DATA: Final = re.compile(
    r"data:[\w.+-]{1,80}/[\w.+-]{1,80}(?:;[\w=.+-]{1,80}){0,5}(?:;base64,[\w+/=%-]{64,}|;bytes=\d+,)"
)
_CONDENSED: Final = re.compile(f"{CITATION.pattern}|{_DATA.pattern}")


def shorter_data(text: str) -> str:
    """Return text with the size of each `data:` address in place of its content."""
    return _DATA.sub(lambda match: shorter_address(match[0]), text) if "data:" in text else text


def data_as_words(text: str) -> str:
    """Return text with the type and size of each `data:` address in its place."""
    if "data:" not in text:
        return text
    return _DATA.sub(lambda match: data_words(match[0]) or match[0], text)


def text_spans(
    text: str,
    style: Style = PLAIN,
    *,
    breaks: bool = False,
    links: Literal["", "inside", "whole"] = "",
) -> tuple[Inline, ...]:
    """Return text of a source; citations and `data:` addresses in it are short words."""
    if "\ue200" not in text and "data:" not in text:
        return (UntrustedSpan(Untrusted(text), style, breaks, links),)
    spans: list[Inline] = []
    done = 0
    for match in _CONDENSED.finditer(text):
        if match.start() > done:
            before = Untrusted(text[done : match.start()])
            spans.append(UntrustedSpan(before, style, breaks, links))
        cited = match[1] and f"[{match[1].replace(chr(0xE202), ' ')}]"
        spans.append(untrusted(cited or data_words(match[0]) or match[0], DIM))
        done = match.end()
    if done < len(text):
        spans.append(UntrustedSpan(Untrusted(text[done:]), style, breaks, links))
    return tuple(spans)


def address(url: str) -> UntrustedSpan:
    """Return an address of a source in full; a link where it may be opened.

    A `data:` address is shown as its type and size.
    """
    if words := data_words(url):
        return untrusted(words, DIM)
    link = safe_link(url)
    style = Style("link", link=link) if link else DIM
    return UntrustedSpan(Untrusted(url), style, links="whole")


def raw_text(inlines: Iterable[Inline]) -> str:
    """Return running text unsanitized: not safe to draw."""
    return "".join(
        [span.text.unsafe if isinstance(span, UntrustedSpan) else span.text for span in inlines]
    )


# -- symbols in front of words, so that color is never the only mark ------------------------------


class Symbol(NamedTuple):
    """A symbol, of one cell if it may begin a header, and its form in plain output."""

    sign: str
    ascii: str
    role: Role = "dim"

    def form(self, *, plain: bool) -> str:
        """Return the symbol as it is drawn, in plain output or not."""
        return self.ascii if plain else self.sign

    def span(self, before: str = "", after: str = " ", *, style: Style | None = None) -> SymbolSpan:
        """Return the symbol in the style of its role, or another one, between other text."""
        style = Style(self.role) if style is None else style
        return SymbolSpan(f"{before}{self.sign}{after}", f"{before}{self.ascii}{after}", style)


SPEAKER = Symbol("▌", "|")
WIDGET = Symbol("▦", "#", "widget")
GROUP = Symbol("≡", "=", "task")
UNKNOWN = Symbol("?", "?", "unknown")

DONE = Symbol("✓", "+", "good")
BUSY = Symbol("◐", "~", "busy")
OPEN = Symbol("●", "*", "good")
FAILED = Symbol("✗", "x", "bad")
CLOSED = Symbol("○", "o")
STATUS_UNKNOWN = Symbol("?", "?", "dim")

BOOKMARK = Symbol("★", "#", "key")
NOTED = Symbol("✎", "%", "key")

TASK = Symbol("●", "*", "task")
THOUGHT = Symbol("○", "o", "task")
WEB_SEARCH = Symbol("◎", "@", "task")
FILE = Symbol("▤", "-", "task")
PICTURE = Symbol("▣", "#", "task")

WARNING = Symbol("!", "!", "bad")
QUOTE = Symbol("│", "|", "quote")
ATTACHED = Symbol("+", "+", "user")
IMAGE = Symbol("▣", "(image)", "link")
BULLET = Symbol("•", "*")
CHOICE = Symbol("▸", ">", "widget")
LEADS_TO = Symbol("→", "->")
CHOSEN = Symbol("●", "(x)", "widget")
NOT_CHOSEN = Symbol("○", "( )")
ANSWER = Symbol("(●)", "(x)", "widget")
NO_ANSWER = Symbol("( )", "( )")
ANSWER_OF_SEVERAL = Symbol("[●]", "[x]", "widget")
NO_ANSWER_OF_SEVERAL = Symbol("[ ]", "[ ]")
HIDDEN_ITEM = Symbol("◇", "-")
END = Symbol("─", "-")
CHECKED = Symbol("☑", "[x]", "widget")
UNCHECKED = Symbol("☐", "[ ]")
ELLIPSIS = Symbol("…", "...")


_STATUS: dict[str, Symbol] = {"active": OPEN, "locked": BUSY, "closed": CLOSED}


def status_symbol(status: str) -> Symbol:
    """Return the symbol of a thread's status; a question mark for an unknown one."""
    return _STATUS.get(status, STATUS_UNKNOWN)
