"""Regular expressions of the user for find, bounded in time.

An expression is matched against folded text (`text.folding`), which it sees as one line: white
space is one space, and `^` and `$` are the ends of the text. Capitals count if it has some.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from chatkit_tui.text.folding import Folded, Span, fold

if TYPE_CHECKING:
    import regex

LONGEST: Final = 1_000
"""Characters of an expression: to compile as many takes at most 30 ms."""
SECONDS: Final = 0.5
"""How long one text is searched."""
SECONDS_SHOWN: Final = 0.02
"""How long a text is searched to mark matches on the screen."""

_ESCAPED: Final = re.compile(r"\\[pP]\{[^}]*\}|\\.")
_RECURSION: Final = re.compile(r"\(\?(?:R|[+-]?\d|&|P>)")


class InvalidExpressionError(ValueError):
    """An expression is invalid; the message is one line."""


class SlowExpressionError(Exception):
    """An expression takes too long in a text."""


class Expression:
    """A compiled expression. `count` may take `SECONDS`, in which other threads run."""

    def __init__(self, text: str) -> None:
        """Raise `InvalidExpressionError` for an expression that cannot be used."""
        import regex  # 20 ms, and seldom needed

        self.text = text
        if len(text) > LONGEST:
            raise InvalidExpressionError(f"longer than {LONGEST:,} characters")
        if _RECURSION.search(text):  # takes memory without a limit
            raise InvalidExpressionError("recursion is not supported")
        plain = _ESCAPED.sub("", text)
        self._case = plain == plain.lower()
        flags = regex.IGNORECASE if self._case else 0
        try:
            self._pattern: regex.Pattern[str] = regex.compile(self._folded(text), flags)
        except RecursionError:
            raise InvalidExpressionError("nested too deeply") from None
        except Exception as error:  # noqa: BLE001 - the library raises others than its own, too
            reason = str(error).partition("\n")[0]
            raise InvalidExpressionError(reason or "invalid") from None

    def _folded(self, text: str) -> str:
        """Fold the characters of an expression as those of texts are; its syntax is ASCII."""
        return "".join(
            sign if sign.isascii() else re.escape(fold(sign, case=self._case).text)
            for sign in unicodedata.normalize("NFC", text)
        )

    def count(self, text: str) -> int:
        """Return the number of matches. Raise `SlowExpressionError` after `SECONDS`."""
        return len(self.find(text))

    def find(self, text: str) -> list[Span]:
        """Return the start and end of each match. Raise `SlowExpressionError` after `SECONDS`."""
        return self._spans(text, SECONDS)

    def spans(self, text: str) -> list[Span]:
        """Return the start and end of each match; none if that takes longer than a key may wait."""
        try:
            return self._spans(text, SECONDS_SHOWN)
        except SlowExpressionError:
            return []

    def _spans(self, text: str, seconds: float) -> list[Span]:
        folded: Folded = fold(text, case=self._case)
        line = folded.text.strip(" ")
        before = len(folded.text) - len(folded.text.lstrip(" "))
        try:
            found: list[Any] = [
                match.span()
                for match in self._pattern.finditer(line, timeout=seconds, concurrent=True)
                if match.end() > match.start()
            ]
        except (TimeoutError, MemoryError):
            raise SlowExpressionError from None
        return [folded.source(start + before, end + before) for start, end in found]
