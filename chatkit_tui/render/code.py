"""Code as blocks, its words coloured by what they are in its language."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from chatkit_tui.document.blocks import Preformatted
from chatkit_tui.document.spans import Role, Span, Style
from chatkit_tui.render.untrusted_spans import shown

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

LONGEST_COLOURED: Final = 20_000
"""Characters of the longest code that is coloured: lexers need some 2 µs for each."""

LONGEST_COLOURED_LINE: Final = 1_000
"""A lexer can need time in the square of a line's length."""

_CODE: Final = Style("code")


def code_block(text: str, language: str = "") -> Preformatted:
    """Foreign code, line by line, in the colours of its language where that is known.

    `language` is any name or alias that Pygments knows; of an unknown one, and of code over
    `LONGEST_COLOURED` characters, every word is plain code. Line breaks at the end are dropped.
    """
    plain = tuple(shown(line, _CODE) for line in _lines(text))
    if not language or len(text) > LONGEST_COLOURED:
        return Preformatted(plain)
    if any(len(line) > LONGEST_COLOURED_LINE for line in text.split("\n")):
        return Preformatted(plain)
    lexer = _lexer(language.lower())
    return Preformatted(plain if lexer is None else _coloured(lexer, plain))


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")


def _coloured(lexer: Lexer, plain: tuple[tuple[Span, ...], ...]) -> tuple[tuple[Span, ...], ...]:
    """The same lines with the colours of a lexer; the plain ones if it changed a letter of them."""
    text = "\n".join("".join(span.text for span in line) for line in plain)
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
    except Exception:  # noqa: BLE001 - one of five hundred foreign lexers; its colours are no loss
        return plain
    while len(lines) > len(plain) and not lines[-1]:
        lines.pop()
    coloured = tuple(
        before if any(span.style != _CODE for span in before) else tuple(line)
        for before, line in zip(plain, lines, strict=False)
    )
    same = (
        len(lines) == len(plain)
        and "\n".join("".join(span.text for span in line) for line in lines) == text
    )
    return coloured if same else plain


@lru_cache(64)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def knows(language: str) -> bool:
    """Whether the language has colours."""
    return bool(language) and _lexer(language.lower()) is not None


@lru_cache(512)
def _style(kind: _TokenType) -> Style:
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    role: Role = "code"
    for family, its_role in _roles(
        Comment,
        Keyword,
        String,
        Number,
        Operator.Word,
        Name.Function,
        Name.Class,
        Name.Tag,
        Name.Attribute,
        Name.Builtin,
        Name.Decorator,
    ):
        if kind in family:
            role = its_role
            break
    return Style(role)


def _roles(
    comment: _TokenType,
    keyword: _TokenType,
    string: _TokenType,
    number: _TokenType,
    word: _TokenType,
    *names: _TokenType,
) -> list[tuple[_TokenType, Role]]:
    return [
        (comment, "code.comment"),
        (keyword, "code.keyword"),
        (string, "code.string"),
        (number, "code.number"),
        (word, "code.keyword"),
        *((name, "code.name") for name in names),
    ]
