"""The filter of the items of a thread: what a user types, and which items it shows.

    { ["-"] ( ["k:" | "is:"] ( word | '"' words '"' ) ) }

`k:` names a kind of item (of `KIND_NAMES`, or a beginning of one), `is:` a problem. All
conditions must hold, but of several `k:`, and of several `is:`, one is enough; `-` negates one. The
rest is as in the filter of the list.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from chatkit_tui.inspection.problems import runs_of
from chatkit_tui.models.items import read_item
from chatkit_tui.predicates.predicate import Predicate
from chatkit_tui.predicates.problems import find_problems
from chatkit_tui.render.items import item_words
from chatkit_tui.search.searchable_text import KIND_NAMES, kind_of, read_object
from chatkit_tui.search.thread_filter import Term, terms
from chatkit_tui.text.folding import Query

if TYPE_CHECKING:
    from chatkit_tui.feed import LoadedCopy
    from chatkit_tui.models.page import RawRow

_OPERATORS: Final = ("k", "is")


class ItemFilter:
    """A parsed filter. Nothing is raised: what is invalid is in `problem` and has no effect."""

    def __init__(self, text: str, *, now: float) -> None:
        """`now` is in Unix seconds."""
        self._now = now
        self.problem = ""
        """What is invalid, in a few words; empty if nothing is."""
        self._texts: list[tuple[Query, bool]] = []
        self._kinds: set[str] = set()
        self._other_kinds: set[str] = set()
        self._problems: set[str] = set()
        self._other_problems: set[str] = set()
        for term in terms(text, _OPERATORS):
            if term.value:
                self._add(term)

    @property
    def is_empty(self) -> bool:
        """Whether all items match."""
        kinds, problems = self._kinds | self._other_kinds, self._problems | self._other_problems
        return not (self._texts or kinds or problems)

    def _add(self, term: Term) -> None:
        value = term.value.lower()
        if term.operator == "k":
            kinds = {name for name in KIND_NAMES if f"{name}s".startswith(value)}
            (self._other_kinds if term.negated else self._kinds).update(kinds)
            if not kinds:
                self.problem = self.problem or f"k: takes {', '.join(KIND_NAMES)}"
        elif term.operator == "is":
            names = [name for name in Predicate if name.startswith(value)]
            if value in names:
                (self._other_problems if term.negated else self._problems).add(value)
            else:
                self.problem = self.problem or f"is: takes {', '.join(names or Predicate)}"
        else:
            self._texts.append((Query(term.value, capitals=False), term.negated))

    def matches(self, row: RawRow) -> bool:
        """Return whether an item is of a wanted kind and has the texts. Raise nothing."""
        if self._kinds or self._other_kinds:
            kind = kind_of(read_object(row.raw))
            if kind in self._other_kinds or (self._kinds and kind not in self._kinds):
                return False
        if not self._texts:
            return True
        try:
            words = item_words(read_item(row))
        except Exception:  # noqa: BLE001 - an item that cannot be read is an error card, without words
            words = ""
        return all(
            query.is_in(query.fold(words).text) is not negated for query, negated in self._texts
        )

    def among(self, rows: LoadedCopy) -> Collection[str] | None:
        """Return the keys of the items whose problems are as wanted; None if the filter has none.

        What cannot be known before the rest is loaded is not a problem.
        """
        if not self._problems | self._other_problems:
            return None
        keys: set[str] = set()
        for run in runs_of(rows):
            wanted, unwanted = set[str](), set[str]()
            for found in find_problems(run.rows, has_newest=run.has_newest, now=self._now):
                key = run.rows[found.place].key
                if found.predicate in self._problems:
                    wanted.add(key)
                if found.predicate in self._other_problems:
                    unwanted.add(key)
            keys |= (wanted if self._problems else {row.key for row in run.rows}) - unwanted
        return keys
