"""Code: its words in the colors of its language, after it was sanitized."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from chatkit_tui.document.blocks import Code
from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import Line, Role, Span, Style, line_text, untrusted

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

LONGEST_COLORED: Final = 20_000
"""Characters of the longest code with colors: lexers need about 2 µs for each."""

LONGEST_COLORED_LINE: Final = 1_000
"""A lexer can need time in the square of a line's length."""

_CODE: Final = Style("code")
_ROLES: Final[dict[tuple[str, ...], Role]] = {
    ("Comment",): "code.comment",
    ("Keyword",): "code.keyword",
    ("Operator", "Word"): "code.keyword",
    ("Literal", "String"): "code.string",
    ("Literal", "Number"): "code.number",
    **dict.fromkeys(
        [
            ("Name", name)
            for name in ("Function", "Class", "Tag", "Attribute", "Builtin", "Decorator")
        ],
        "code.name",
    ),
}
"""The roles of families of Pygments' tokens, by their path."""


def code_lines(code: Code, *, plain: bool = False, copy: bool = False) -> tuple[Line, ...]:
    """Return the lines of code, safe to draw, in the colors of their language.

    Every word is plain code in an unknown language and in code over `LONGEST_COLORED` characters.
    """
    texts = code.lines()
    lines = tuple(safe_spans((untrusted(text, _CODE),), plain=plain, copy=copy) for text in texts)
    if not code.language or len(code.text.unsafe) > LONGEST_COLORED:
        return lines
    if any(len(text) > LONGEST_COLORED_LINE for text in texts):
        return lines
    lexer = _lexer(code.language.lower())
    return lines if lexer is None else _colored(lexer, lines)


def _colored(lexer: Lexer, plain: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines in the colors of a lexer; unchanged if it changed a character of them."""
    text = "\n".join(map(line_text, plain))
    lines: list[list[Span]] = [[]]
    try:
        for kind, value in lexer.get_tokens(text):
            style = _style(kind)
            for number, part in enumerate(value.split("\n")):
                if number:
                    lines.append([])
                if part:
                    line = lines[-1]
                    if line and line[-1].style is style:
                        line[-1] = Span(line[-1].text + part, style)
                    else:
                        line.append(Span(part, style))
    except Exception:  # noqa: BLE001 - a third-party lexer; code without colors is no loss
        return plain
    while len(lines) > len(plain) and not lines[-1]:
        lines.pop()
    colored = tuple(
        before if any(span.style != _CODE for span in before) else tuple(line)
        for before, line in zip(plain, lines, strict=False)
    )
    same = len(lines) == len(plain) and "\n".join(map(line_text, map(tuple, lines))) == text
    return colored if same else plain


@lru_cache(64)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def is_known(language: str) -> bool:
    """Return whether code in the language has colors."""
    return bool(language) and _lexer(language.lower()) is not None


@lru_cache(512)
def _style(kind: _TokenType) -> Style:
    """Return the style of a type of Pygments' tokens: that of the narrowest family listed."""
    families = (kind[:length] for length in range(len(kind), 0, -1))
    return Style(next((_ROLES[family] for family in families if family in _ROLES), "code"))
