"""The filter of the list of threads: what a user types, as conditions on a thread.

    { ["-"] ( [operator ":"] ( word | '"' words '"' ) | "@" name ) }

The operators are `s`, `u`, `since`, `until` and `is`.

All conditions must hold, but of several problems one is enough; `-` negates one. `@name` is a saved
filter, as one condition. A word that is not a valid operator is text, and an operator without a
value is not a condition yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, tzinfo
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol, TypeAlias

from chatkit_tui.text.folding import Query
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.times import parse_date

_OPERATORS: Final = ("s", "u", "since", "until", "is")
KEPT: Final = ("bookmarked", "noted")
"""What `is:` takes beside problems: what is kept of a thread on this machine."""
_NAME: Final = re.compile(r"[\w-]+")
SAVED: Final = "@"
"""In front of the name of a saved filter."""
_NONE: Final[frozenset[str]] = frozenset()
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class FilteredThread(Protocol):
    """A thread as the filter needs it. The texts are untrusted."""

    @property
    def id(self) -> str: ...
    @property
    def user(self) -> str | None: ...
    @property
    def status(self) -> str: ...
    @property
    def seconds(self) -> int | None: ...
    def folded_for(self, query: Query) -> str:
        """Return title, user, id and the reason of the status, folded for a query."""


class FilteredNote(Protocol):
    """What is kept of a thread on this machine."""

    @property
    def text(self) -> str:
        """The note; untrusted."""
        ...

    @property
    def is_bookmarked(self) -> bool: ...


class _NoNote(NamedTuple):
    text: str = ""
    is_bookmarked: bool = False


class Term(NamedTuple):
    """A part of a filter as it was typed."""

    start: int
    """Its place in the text."""
    negated: bool
    operator: str
    """In lower case; empty for text."""
    value: str
    quoted: bool


Found: TypeAlias = Collection[str]
Condition: TypeAlias = Callable[[FilteredThread, str | None, Found], bool]
"""Returns whether a thread is shown, from its first words, if they are shown and known, and from
the problems that were found in it."""


def _nothing_read(thread_id: str) -> None:
    del thread_id


def _nothing_kept(thread_id: str) -> FilteredNote:
    del thread_id
    return _NoNote()


class ThreadFilter:
    """A parsed filter. Nothing is raised: what is invalid is in `problem` and has no effect."""

    def __init__(
        self,
        text: str,
        *,
        now: float,
        zone: tzinfo | None,
        saved: Mapping[str, str] = _NOTHING,
        predicates: Collection[str] = (),
        found: Callable[[str], Found | None] = _nothing_read,
        note_of: Callable[[str], FilteredNote] = _nothing_kept,
    ) -> None:
        """`zone` is that of dates; `saved` are the saved filters by name.

        `predicates` are the names of problems. `found` returns those of a thread by its id, and
        None if it was not read for them. `note_of` returns its bookmark and note.
        """
        self._now, self._zone, self._saved = now, zone, saved
        self._names, self._found, self._note_of = predicates, found, note_of
        self.predicates: dict[str, None] = {}
        """The problems that the filter asks for, in order."""
        self._any_of: set[str] = set()
        self.since: int | None = None
        """The time that it begins with, in Unix seconds, apart from saved filters."""
        self.problem = ""
        """What is invalid, in a few words; empty if nothing is."""
        self.unknown_name = ""
        """A word that looks like the name of a saved filter and is text, with its `@`."""
        self._conditions = [
            (condition, term.negated)
            for term in terms(text)
            if (condition := self._condition(term)) is not None
        ]
        if self._any_of:
            self._conditions.append((self._has_any, False))

    def matches(self, thread: FilteredThread, words: str | None = None) -> bool:
        """Return whether a thread is shown. `words` are its first words.

        A thread that was not read for problems has none.
        """
        found = self._found(thread.id) if self.predicates else None
        return self.holds(thread, words, found or _NONE)

    def is_undecided(self, thread: FilteredThread, words: str | None = None) -> bool:
        """Return whether the problems of a thread decide, and it was not read for them."""
        if not self.predicates or self._found(thread.id) is not None:
            return False
        return self.holds(thread, words, self._names) is not self.holds(thread, words, _NONE)

    def holds(self, thread: FilteredThread, words: str | None, found: Found) -> bool:
        """Return whether a thread with these problems is shown."""
        return all(
            condition(thread, words, found) is not negated
            for condition, negated in self._conditions
        )

    def _has_any(self, _thread: FilteredThread, _words: str | None, found: Found) -> bool:
        return not self._any_of.isdisjoint(found)

    def _condition(self, term: Term) -> Condition | None:
        value = term.value
        if not value:
            return None
        if term.operator in ("since", "until"):
            return self._created(term)
        if term.operator == "is":
            return self._is(value.lower(), negated=term.negated)
        if not term.operator and not term.quoted and value[0] == SAVED:
            name = value.removeprefix(SAVED)
            if name in self._saved:
                return self._saved_filter(name)
            if _NAME.fullmatch(name):
                self.unknown_name = self.unknown_name or value
        query = Query(value, capitals=False)
        if term.operator == "s":
            return lambda thread, _words, _found: query.begins(sanitize(thread.status))
        if term.operator == "u":
            return lambda thread, _words, _found: _has(query, thread.user)
        return lambda thread, words, _found: (
            _mentions(query, thread, words) or _has(query, self._note_of(thread.id).text)
        )

    def _created(self, term: Term) -> Condition | None:
        """Return the condition on the time of creation, which an unknown time does not meet."""
        is_end = term.operator == "until"
        try:
            limit = parse_date(term.value, self._zone, self._now, end=is_end)
        except (ValueError, OverflowError, OSError):
            self.problem = self.problem or f"{term.operator}: takes 2026-11-01, an ISO time, or 7d"
            return None
        if not (is_end or term.negated or self.since is not None):
            self.since = limit
        return lambda thread, _words, _found: (
            thread.seconds is not None and (thread.seconds < limit) is is_end
        )

    def _is(self, name: str, *, negated: bool) -> Condition | None:
        """Return a condition; None for a problem that is not negated: they are one condition."""
        note_of = self._note_of
        if name == "bookmarked":
            return lambda thread, _words, _found: note_of(thread.id).is_bookmarked
        if name == "noted":
            return lambda thread, _words, _found: bool(note_of(thread.id).text)
        if name not in self._names:
            known = (*self._names, *KEPT)
            names = [each for each in known if each.startswith(name)] or known
            self.problem = self.problem or f"is: takes {', '.join(names)}"
            return None
        self.predicates[name] = None
        if not negated:
            self._any_of.add(name)
            return None
        return lambda _thread, _words, found: name in found

    def _saved_filter(self, name: str) -> Condition:
        saved = ThreadFilter(
            self._saved[name],
            now=self._now,
            zone=self._zone,
            predicates=self._names,
            note_of=self._note_of,
        )
        if saved.problem:
            self.problem = self.problem or f"{SAVED}{name}: {saved.problem}"
        self.predicates |= saved.predicates
        return saved.holds


def terms(text: str, operators: Collection[str] = _OPERATORS) -> Iterator[Term]:
    """Yield the parts of a filter in order."""
    term = rf'(-?)(?:({"|".join(operators)}):)?(?:"([^"]*)"?|(\S*))'
    for match in re.finditer(term, text, re.IGNORECASE):
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


def mistake(name: str, text: str, predicates: Collection[str]) -> str:
    """Return what is wrong with a saved filter, in a few words; empty if nothing is."""
    if not _NAME.fullmatch(name):
        return "a name has letters, digits, - and _ only"
    return ThreadFilter(text, now=0, zone=UTC, predicates=predicates).problem
