"""The toolkit's style sheets, read once a process and not once an app.

Tests start some hundred apps, and each reads the same sheets; what was read is never changed.
"""

from __future__ import annotations

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

Key = tuple[str, CSSLocation, bool, int, str, frozenset[tuple[str, str]]]

_read: dict[Key, list[RuleSet]] = {}
_parse_rules = Stylesheet._parse_rules


def _parse_once(
    self: Stylesheet,
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> list[RuleSet]:
    variables = frozenset(self._variables.items())
    key = (css, read_from, is_default_rules, tie_breaker, scope, variables)
    if key not in _read:
        _read[key] = _parse_rules(self, css, read_from, is_default_rules, tie_breaker, scope)
    return _read[key]


def install() -> None:
    """Let every app of the process have what was read for one before it."""
    Stylesheet._parse_rules = _parse_once  # type: ignore[method-assign]
