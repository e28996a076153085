"""Find the threads of a source that have problems or contain a text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, tzinfo
from itertools import chain
from typing import Final, NamedTuple

from chatkit_tui.inspection.scan import BUDGET, ScannedPage, ThreadScan
from chatkit_tui.models.page import RawRow
from chatkit_tui.models.threads import read_thread
from chatkit_tui.predicates.predicate import Finding, Predicate
from chatkit_tui.predicates.problems import find_problems
from chatkit_tui.search.query import Query
from chatkit_tui.search.searchable_text import item_text, read_object, thread_text
from chatkit_tui.sources.base import Capability, ThreadSource

TEXT: Final = "text"
"""In place of a predicate: the text was found."""


class ProblemQuery(NamedTuple):
    """Which threads are wanted: those with any of the predicates that meet all other conditions."""

    predicates: frozenset[Predicate] = frozenset(Predicate)
    """Empty to find a text alone."""
    text: str | None = None
    user: str | None = None
    status: str | None = None
    since: int | None = None
    """When the thread was created, in Unix seconds: included."""
    until: int | None = None
    """Excluded."""

    def admits(self, thread: RawRow) -> bool:
        """Return whether a thread meets the conditions that need no item of it.

        A thread without a time meets no condition on the time.
        """
        seconds = thread.time.seconds if thread.time else None
        if self.since is not None and (seconds is None or seconds < self.since):
            return False
        if self.until is not None and (seconds is None or seconds >= self.until):
            return False
        if self.user is None and self.status is None:
            return True
        read = read_thread(thread)
        return self.user in (None, read.user) and self.status in (None, read.status.type)

    def problems(self, found: Iterable[Finding]) -> tuple[FoundProblem, ...]:
        """Return the findings of the wanted predicates."""
        return tuple(
            FoundProblem(*finding[:3]) for finding in found if finding.predicate in self.predicates
        )


class FoundProblem(NamedTuple):
    """What was found in an item of a thread, or in the thread itself."""

    predicate: str
    """A predicate, or `TEXT`."""
    item_id: str | None
    reason: str
    """One clause, or the passage with the text. Untrusted."""


class FoundThread(NamedTuple):
    """A thread and what was found in it."""

    thread: RawRow
    found: tuple[FoundProblem, ...]


class ProblemScan:
    """A scan of threads for problems. It can be stopped and continued."""

    def __init__(self, wanted: ProblemQuery, threads: Iterable[RawRow] | None = None) -> None:
        """Scan `threads`, or else those of the source.

        Raise `InvalidArgumentError` for a text that cannot be searched for.
        """
        self.wanted = wanted
        self.found = 0
        """Threads in which something was found."""
        self.threads = ThreadScan(
            wanted.user, threads=threads, admits=wanted.admits, since=wanted.since
        )
        self._query = Query(wanted.text) if wanted.text is not None else None
        self.not_indexed = 0
        """Threads that were read since the index of the source does not have them."""
        self._known: dict[str, Sequence[Finding] | None] = {}
        """What the source knows of some of the next threads, by name."""
        self._items: list[RawRow] = []
        """Those of the current thread so far, newest first."""

    async def run(
        self,
        source: ThreadSource,
        on_thread: Callable[[FoundThread], object],
        *,
        now: Callable[[], float],
        budget: int = BUDGET,
    ) -> None:
        """Scan from where it stopped before, and report each thread that was read to its end.

        A thread without findings is reported with none. See `ThreadScan.run` for the
        end.
        """

        async def inspect(page: ScannedPage) -> bool:
            if page.is_first:
                self._items = []
            self._items += page.items
            if page.is_last:
                self.not_indexed += self._known.get(page.thread.name, ()) is None
                thread = await asyncio.to_thread(self._inspected, page, now())
                self.found += bool(thread.found)
                on_thread(thread)
            return True

        async def skip(threads: Sequence[RawRow]) -> int:
            if threads[0].name not in self._known:
                names = [thread.name for thread in threads]
                self._known = dict(zip(names, await source.problems(names, now()), strict=True))
            skipped = 0
            for thread in threads:
                found = self._answered(self._known.get(thread.name))
                if found is None:
                    break
                skipped += 1
                self.found += bool(found)
                on_thread(FoundThread(thread, found))
            return skipped

        self._known.clear()
        is_indexed = Capability.PROBLEMS in source.capabilities and bool(self.wanted.predicates)
        await self.threads.run(source, inspect, budget, skip if is_indexed else None)

    def _answered(self, known: Sequence[Finding] | None) -> tuple[FoundProblem, ...] | None:
        """Return what is wanted of the problems of a thread; None if its items have to be read."""
        if known is None:
            return None
        problems = self.wanted.problems(known)
        return None if problems and self._query else problems

    def words(self, zone: tzinfo | None = UTC, kind: str = "listed") -> str:
        """Return how far the scan is and what it found, in one line."""
        found = f"{self.found:,} found" if self.found else "none found"
        parts = [*self.threads.progress(zone, kind), found]
        if self.not_indexed:
            parts.append(f"{self.not_indexed:,} not in the archive's index")
        return "; ".join(parts)

    def _inspected(self, page: ScannedPage, now: float) -> FoundThread:
        items = self._items[::-1]
        return FoundThread(
            page.thread,
            find_in_thread(page.thread, items, self.wanted, self._query, now),
        )


def find_in_thread(
    thread: RawRow,
    items: list[RawRow],
    wanted: ProblemQuery,
    query: Query | None,
    now: float,
) -> tuple[FoundProblem, ...]:
    """Return what is wanted of a thread; nothing if not all conditions are met."""
    problems: tuple[FoundProblem, ...] = ()
    if wanted.predicates:
        found = find_problems(items, has_newest=True, now=now)
        problems = wanted.problems(found)
        if not problems:
            return ()
    passages = list(_passages(thread, items, query)) if query else []
    if query and not passages:
        return ()
    return (*problems, *passages)


def _passages(thread: RawRow, items: list[RawRow], query: Query) -> Iterator[FoundProblem]:
    of_items = ((item.id, item_text(read_object(item.raw))) for item in items)
    for item_id, text in chain([(None, thread_text(read_object(thread.raw)))], of_items):
        if query.matches(text):
            yield FoundProblem(TEXT, item_id, query.passage(text)[0])
