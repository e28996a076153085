"""The Markdown parser: CommonMark with tables, formulas, footnotes and definition lists.

The rules of the plugins are bounded here, and a formula is kept as it is written: its token has the
type `formula` and its text with the delimiters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    BlockRule: TypeAlias = Callable[[StateBlock, int, int, bool], bool]
    InlineRule: TypeAlias = Callable[[StateInline, bool], bool]

DEEPEST: Final = 100
"""Levels of nesting that are read; a list counts two."""

FORMULA_LINES: Final = 100
"""Lines of the longest formula: the rules look for its end from each beginning."""

FORMULA_WORK: Final = 100_000
"""Lines of a text that are looked at in vain for the ends of formulas; about 0.1 s."""

BRACKET_WORK: Final = 8_000_000
"""Steps spent on brackets: at each bracket the parser may scan the rest of its paragraph.

Further paragraphs with brackets are shown unchanged; 8 million steps take about 50 ms.
"""
_FOOTNOTE_STEPS: Final = 15
"""Steps that a character takes where a mark of a footnote is looked for in it."""

# The signs of formulas, footnotes and definitions.
_ADDITIONS: Final = re.compile(r"[$\\]|\[\^|^[ \t>]*[:~][ \t]", re.MULTILINE)
_CLOSERS: Final = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}
# A price: an amount, then a word or another number. A formula has a sign there.
_MONEY: Final = re.compile(r"\$\d[\d.,]*[kKmMbBtT]?n?(?:\s+|[-–—/])(?:[^\W\d_]{2,}|\d|\$)")


def bracket_work(content: str, env: dict[str, Any]) -> int:
    """Return the steps that the brackets of a paragraph may take."""
    count = content.count("[") + content.count("\\(")
    if "footnotes" in env:
        count += _FOOTNOTE_STEPS * content.count("[^")
    return len(content) * count


def inline_tokens(md: MarkdownIt, content: str, env: dict[str, Any]) -> list[Token]:
    """Return the tokens of the content of one paragraph."""
    tokens: list[Token] = []
    if content.startswith("$") and (content[-1].isdigit() or content[-1] == "\\"):
        content += " "  # the rule of dollars takes the last character for one before the first
    md.inline.parse(content, md, env, tokens)
    return tokens


def formula_text(token: Token) -> str:
    """Return an inline formula as it is written."""
    return f"{token.markup}{token.content}{_CLOSERS.get(token.markup, '')}"


def parser_for(text: str) -> MarkdownIt:
    """Return the parser of the blocks of a text; paragraphs are parsed one by one later.

    The rules of the plugins take a fifth of the time, so most texts are parsed without.
    """
    return _with_plugins() if _ADDITIONS.search(text) else _parser()


def _new_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    md = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    md.core.ruler.enableOnly(["block"])
    return md


_parser: Final = cache(_new_parser)


@cache
def _with_plugins() -> MarkdownIt:
    from mdit_py_plugins.amsmath import amsmath_block
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.dollarmath.index import math_block_dollar, math_inline_dollar
    from mdit_py_plugins.footnote.index import footnote_plugin
    from mdit_py_plugins.texmath.index import make_block_func, make_inline_func, rules

    md = _new_parser()
    footnote_plugin(md, inline=False, move_to_end=False)
    deflist_plugin(md)

    square_block = make_block_func(rules["brackets"]["block"][-1])
    dollar_block = math_block_dollar(allow_labels=False)
    for name, rule, opener, closer in (
        ("formula_dollar", dollar_block, "$$", "$$"),
        ("formula_square", square_block, "\\[", "\\]"),
        ("formula_ams", amsmath_block, "\\begin{", "}"),
    ):
        ends = ["paragraph", "reference", "blockquote", "list"]
        md.block.ruler.before("fence", name, _whole(rule, opener, closer), {"alt": ends})

    square = re.compile(r"^\\\[(.+?)\\\]", re.DOTALL)
    in_square = make_inline_func({"name": "formula", "rex": square, "tmpl": "", "tag": "\\["})
    in_round = make_inline_func({**rules["brackets"]["inline"][0], "name": "formula"})
    dollars = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)
    for name, inline_rule in (
        ("formula_dollar", _no_money(dollars)),
        ("formula_round", in_round),
        ("formula_square", in_square),
    ):
        md.inline.ruler.before("escape", name, inline_rule)
    return md


def _whole(rule: BlockRule, opener: str, closer: str) -> BlockRule:
    """Return a rule for formulas that end with a line inside their list item, quote or note.

    It can end a paragraph. The rules of the plugins lose the text after the formula, and take no
    heed of `silent` or of the lines of other items.
    """

    def find_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        begin = state.bMarks[start] + state.tShift[start]
        if not state.src.startswith(opener, begin) or state.is_code_block(start):
            return False
        end = min(end, start + FORMULA_LINES)
        if state.src.find(closer, begin + len(opener), state.eMarks[end - 1]) < 0:
            return False
        if state.env.setdefault("formula_work", FORMULA_WORK) < 0:
            return False
        count, line = len(state.tokens), state.line
        if not rule(state, start, end, False):  # noqa: FBT003 - the parser's own form
            state.env["formula_work"] -= end - start
            return False
        end, state.line = state.line, line
        text = state.getLines(start, end, state.blkIndent, keepLastLF=False).rstrip()
        is_whole = text.endswith(closer) and all(
            state.isEmpty(number) or state.sCount[number] >= state.blkIndent
            for number in range(start, end)
        )
        if silent or not is_whole:
            del state.tokens[count:]
            return is_whole
        token = state.tokens[-1]
        token.type, token.content, token.map = "formula", text, [start, end]
        state.line = end
        return True

    return find_formula


def _no_money(rule: InlineRule) -> InlineRule:
    def find_formula(state: StateInline, silent: bool) -> bool:
        if state.src[state.pos] != "$" or _MONEY.match(state.src, state.pos):
            return False
        found = rule(state, silent)
        if found and not silent:
            state.tokens[-1].type = "formula"
        return found

    return find_formula
