"""The running text of Markdown as spans: emphasis, links, code, formulas and tags of HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

from chatkit_tui.document.markdown_parser import formula_text
from chatkit_tui.document.spans import (
    DIM,
    Inline,
    Span,
    Style,
    SymbolSpan,
    address,
    raw_text,
    text_spans,
    untrusted,
)
from chatkit_tui.text.links import data_words, safe_link

if TYPE_CHECKING:
    from markdown_it.token import Token

_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\s*/?>")
_ANY_TAG: Final = re.compile(r"(</?[A-Za-z][A-Za-z0-9]*\s*/?>|\n)")
_MARKS: Final = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "s": "s", "del": "s", "strike": "s",
    "u": "u", "ins": "u", "kbd": "kbd", "sub": "sub", "sup": "sup",
}  # fmt: skip
"""What tags of HTML stand for; they are not shown where both are in a paragraph."""
_BREAK: Final = "br"
_DIGITS: Final = "0123456789+-=()"
_RAISED: Final = str.maketrans(_DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED: Final = str.maketrans(_DIGITS, "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


class _Writer:
    """The spans of a paragraph so far, and the style of the next one."""

    def __init__(self, base: Style) -> None:
        self.spans: list[Inline] = []
        self._base = base
        marks = dict.fromkeys(_MARKS.values(), 0)
        self._depth = {**marks, "strong": int(base.bold), "u": int(base.underline)}
        self._links: list[tuple[int, str, str, str | None]] = []
        self.style = base
        self._is_displayed = False  # whether the last line is a formula, which ends with the line

    def add(self, text: str, style: Style, *, breaks: bool = False, links: bool = False) -> None:
        """Add text of the source."""
        if self._is_displayed and text:
            text = self._after_formula(text)
        if text:
            inside: Literal["", "inside"] = "inside" if links else ""
            self.spans += text_spans(text, style, breaks=breaks, links=inside)

    def add_text(self, text: str) -> None:
        """Add ordinary text; digits that are raised or lowered have characters of their own."""
        raised = self._depth["sup"] > 0
        if (raised or self._depth["sub"] > 0) and text and not text.strip(_DIGITS):
            moved = text.translate(_RAISED if raised else _LOWERED)
            self.spans.append(SymbolSpan(moved, f"^{text}" if raised else text, self.style))
        else:
            self.add(text, self.style, links=self.style.link is None)

    def _after_formula(self, text: str) -> str:
        """End the line of a formula behind the punctuation after it; return the rest."""
        rest = text.lstrip(".,;:!?")
        if mark := text[: len(text) - len(rest)]:
            self.spans.append(untrusted(mark, self.style))
        if rest := rest.lstrip(" "):
            self.end_line()
        return rest

    def end_line(self) -> None:
        """Add a line break."""
        self._is_displayed = False
        self.spans.append(Span("\n", self.style))

    def add_formula(self, text: str, *, is_displayed: bool) -> None:
        """Add a formula as it is written; a displayed one is on lines of its own."""
        if is_displayed and self.spans and raw_text(self.spans[-1:]) != "\n":
            self.end_line()
        self.add(text, self.style._replace(role="code"), breaks=True)
        self._is_displayed = is_displayed

    def turn(self, mark: str, step: int) -> None:
        """Switch emphasis on (`step` 1) or off (-1)."""
        if mark == "s":  # many terminals have no such line, and a file has none
            self.spans.append(Span("~~", DIM))
        self._depth[mark] += step
        self._restyle()

    def _restyle(self) -> None:
        link = self._links[-1][3] if self._links else None
        role = "code" if self._depth["kbd"] > 0 else self._base.role
        self.style = Style(
            "link" if self._links else role,
            bold=self._depth["strong"] > 0,
            italic=self._depth["em"] > 0,
            underline=bool(self._links) or self._depth["u"] > 0,
            strike=self._depth["s"] > 0,
            link=link,
        )

    def add_tag(self, content: str, *, is_paired: bool) -> None:
        """Add a tag of HTML: a line break, emphasis, or text."""
        match = _TAG.fullmatch(content)
        name = match[2].lower() if match else ""
        if name == _BREAK:
            self.end_line()
        elif match and is_paired:
            self.turn(_MARKS[name], -1 if match[1] else 1)
        else:
            self.add(content, self.style, links=self.style.link is None)

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
        self.spans.append(Span(before, DIM))
        if data_words(href):
            self.spans.append(address(href))
        else:
            self.add(href, Style("link", link=link) if link else DIM)
        if title:
            self.add(f' "{title}"' if href else f'"{title}"', DIM, breaks=True)
        self.spans.append(Span(after, DIM))


def inline_spans(tokens: Sequence[Token], base: Style) -> tuple[Inline, ...]:
    """Return the spans of a paragraph from the children of its `inline` token.

    A link is shown as its text and, if that differs, its address after it; an image in words. Of
    HTML the tags of emphasis and line breaks are understood, others are shown unchanged.
    """
    writer = _Writer(base)
    paired = _paired(tokens)
    for number, token in enumerate(tokens):
        kind = token.type
        if kind in {"text", "text_special"}:
            writer.add_text(token.content)
        elif kind == "html_inline":
            writer.add_tag(token.content, is_paired=number in paired)
        elif kind == "softbreak":
            writer.add(" ", writer.style)
        elif kind == "hardbreak":
            writer.end_line()
        elif kind == "code_inline":
            code = writer.style if writer.style.link else writer.style._replace(role="code")
            tick = SymbolSpan("", "`", code)  # plain output has no other mark
            writer.spans.append(tick)
            writer.add(token.content, code)
            writer.spans.append(tick)
        elif kind == "formula":
            writer.add_formula(formula_text(token), is_displayed=token.markup in {"$$", "\\["})
        elif kind == "footnote_ref":
            writer.add(f"[{token.meta['label']}]", DIM)
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


def _paired(tokens: Sequence[Token]) -> set[int]:
    """Return the positions of the tags of emphasis whose counterpart is in the same paragraph."""
    paired: set[int] = set()
    opened: dict[str, list[int]] = {}
    for number, token in enumerate(tokens):
        match = _TAG.fullmatch(token.content) if token.type == "html_inline" else None
        name = match[2].lower() if match else ""
        if match is None or name not in _MARKS:
            continue
        if not match[1]:
            opened.setdefault(name, []).append(number)
        elif opened.get(name):
            paired |= {opened[name].pop(), number}
    return paired


def html_spans(text: str, base: Style) -> tuple[Inline, ...]:
    """Return a block of HTML as spans, with its line breaks; nothing in it is Markdown."""
    from markdown_it.token import Token

    tokens: list[Token] = []
    for piece in _ANY_TAG.split(text):
        kind = "hardbreak" if piece == "\n" else "html_inline" if piece[:1] == "<" else "text"
        tokens.append(Token(kind, "", 0, content=piece))
    return inline_spans(tokens, base)
