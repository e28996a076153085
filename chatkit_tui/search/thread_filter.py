"""The filter of the list of threads: what a user types, as conditions on a thread.

    { ["-"] ( ["s:" | "u:" | "since:" | "until:"] ( word | '"' words '"' ) | "@" name ) }

All conditions must hold; `-` negates one. `@name` is a saved filter, as one condition. A word that
is no valid operator is text, and an operator without a value is no condition yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol, TypeAlias

from chatkit_tui.text.folding import Query
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.times import parse_date

_OPERATORS: Final = ("s", "u", "since", "until")
_TERM: Final = re.compile(rf'(-?)(?:({"|".join(_OPERATORS)}):)?(?:"([^"]*)"?|(\S*))', re.IGNORECASE)
_SAVED: Final = "@"
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class FilteredThread(Protocol):
    """A thread as the filter needs it. The texts are untrusted."""

    @property
    def user(self) -> str | None: ...
    @property
    def status(self) -> str: ...
    @property
    def seconds(self) -> int | None: ...
    def folded_for(self, query: Query) -> str:
        """Return title, user, id and the reason of the status, folded for a query."""


class Term(NamedTuple):
    """A part of a filter as it was typed."""

    start: int
    """Its place in the text."""
    negated: bool
    operator: str
    """In lower case; empty for text."""
    value: str
    quoted: bool


Condition: TypeAlias = Callable[[FilteredThread, str | None], bool]
"""Returns whether a thread is shown; the text is its first words, if they are shown and known."""


class ThreadFilter:
    """A parsed filter. Nothing is raised: what is invalid is in `problem` and has no effect."""

    def __init__(
        self,
        text: str,
        *,
        now: float,
        zone: tzinfo | None,
        saved: Mapping[str, str] = _NOTHING,
    ) -> None:
        """`zone` is that of dates; `saved` are the saved filters by name."""
        self._now, self._zone, self._saved = now, zone, saved
        self.problem = ""
        """What is invalid, in a few words; empty if nothing is."""
        self._conditions = [
            (condition, term.negated)
            for term in terms(text)
            if (condition := self._condition(term)) is not None
        ]

    def matches(self, thread: FilteredThread, words: str | None = None) -> bool:
        """Return whether a thread is shown. `words` are its first words."""
        return all(holds(thread, words) is not negated for holds, negated in self._conditions)

    def _condition(self, term: Term) -> Condition | None:
        value = term.value
        if not value:
            return None
        if term.operator in ("since", "until"):
            return self._created(term.operator, value)
        if not term.operator and not term.quoted and value[0] == _SAVED:
            name = value.removeprefix(_SAVED)
            if name in self._saved:
                return self._saved_filter(name)
        query = Query(value, capitals=False)
        if term.operator == "s":
            return lambda thread, _: query.begins(sanitize(thread.status))
        if term.operator == "u":
            return lambda thread, _: _has(query, thread.user)
        return lambda thread, words: _mentions(query, thread, words)

    def _created(self, operator: str, date: str) -> Condition | None:
        """Return the condition on the time of creation, which an unknown time does not meet."""
        is_end = operator == "until"
        try:
            limit = parse_date(date, self._zone, self._now, end=is_end)
        except (ValueError, OverflowError, OSError):
            self.problem = self.problem or f"{operator}: takes 2026-11-01, an ISO time, or 7d"
            return None
        return lambda thread, _: thread.seconds is not None and (thread.seconds < limit) is is_end

    def _saved_filter(self, name: str) -> Condition:
        saved = ThreadFilter(self._saved[name], now=self._now, zone=self._zone)
        if saved.problem:
            self.problem = self.problem or f"{_SAVED}{name}: {saved.problem}"
        return saved.matches


def terms(text: str) -> Iterator[Term]:
    """Yield the parts of a filter in order."""
    for match in _TERM.finditer(text):
        minus, operator, phrase, word = match.groups()
        if not match[0]:
            continue
        negated, value = bool(minus), word or phrase or ""
        if negated and not operator and not any(map(str.isalnum, value)):
            negated, value = False, f"-{value}"  # an arrow, a dash
        yield Term(match.start(), negated, (operator or "").lower(), value, phrase is not None)


def _has(query: Query, text: str | None) -> bool:
    return text is not None and query.is_in(query.fold(sanitize(text)).text)


def _mentions(query: Query, thread: FilteredThread, words: str | None) -> bool:
    """Return whether a thread contains a text in what its row shows.

    A status has to begin with the text, because nearly all threads are active.
    """
    return (
        query.is_in(thread.folded_for(query))
        or query.begins(sanitize(thread.status))
        or _has(query, words)
    )
