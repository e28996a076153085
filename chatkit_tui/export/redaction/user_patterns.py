"""Patterns of the user: what else is replaced, as `NAME=REGEX`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatkit_tui.errors import InvalidArgumentError
from chatkit_tui.export.redaction.found import Found, Kind
from chatkit_tui.text.expressions import Expression, InvalidExpressionError, SlowExpressionError

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
_TAKEN: Final = frozenset(kind.lower() for kind in Kind)


class SlowPatternError(InvalidArgumentError):
    """A pattern takes too long in a text, which is not redacted."""


class UserPattern:
    """An expression of the user, as in find (`text.expressions`), and the word in its tokens."""

    def __init__(self, text: str) -> None:
        """Read `NAME=REGEX`. Raise `InvalidArgumentError`."""
        self.name, equals, expression = text.partition("=")
        if not equals or not _NAME.fullmatch(self.name):
            raise InvalidArgumentError(
                f"{text!r} is not a pattern: give NAME=REGEX, with a name of letters and digits."
            )
        if self.name.lower() in _TAKEN:
            raise InvalidArgumentError(f"The name {self.name} is taken: choose another one.")
        try:
            self._expression = Expression(expression)
        except InvalidExpressionError as error:
            raise InvalidArgumentError(f"The pattern {self.name} is invalid: {error}.") from None
        if self._expression.find(""):
            raise InvalidArgumentError(f"The pattern {self.name} matches anything.")

    def find(self, text: str, _name: str) -> Iterator[Found]:
        """Yield the matches in a text. Raise `SlowPatternError`."""
        try:
            spans = self._expression.find(text)
        except SlowExpressionError:
            raise SlowPatternError(
                f"The pattern {self.name} takes too long: nothing is redacted by half."
            ) from None
        for start, end in spans:
            yield Found(start, end, text[start:end].casefold())
