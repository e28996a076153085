"""Paging: the next page of a list, how a list can be broken, and the one loop over pages.

Servers depart from the documents in what they state about the next page. Each rule is here once,
for the screen, the commands and the client.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from chatkit_tui.errors import BrokenListError
from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.sources.base import ListQuery
from chatkit_tui.sources.hash_set import HashSet

MOST_EMPTY: Final = 20
"""Empty pages in a row that are followed."""
MOST_WITHOUT_NEW: Final = 20
"""Pages in a row without a new row, empty ones among them, that are followed."""
TAIL: Final = 200
"""Rows before a page that its beginning is compared with."""

EMPTY_BUT_MORE: Final = "the server says that there is more and gives nothing"
ONLY_EMPTY: Final = f"the server gave {MOST_EMPTY} empty pages in a row and says that there is more"
IN_A_CIRCLE: Final = "the server gives a cursor that it gave before"
NOTHING_NEW: Final = f"the server gave {MOST_WITHOUT_NEW} pages in a row without a new row"
NO_CURSOR: Final = "the server says that there is more and gives no id to continue from"
REFUSES_ITS_OWN: Final = "the server refuses as a cursor a row that it lists"


class Next(NamedTuple):
    """The step after a page: a `cursor` to continue at, or the `reason` why that is impossible.

    Without either, the list has ended.
    """

    cursor: str | None = None
    ended: bool = False
    reason: str | None = None
    """What is wrong with the server's list, in one clause."""

    def check(self) -> None:
        """Raise `BrokenListError` if the list goes on and cannot be followed."""
        if self.reason:
            raise broken_list(self.reason)


def broken_list(reason: str) -> BrokenListError:
    """Return the error for a list that cannot be followed."""
    return BrokenListError(
        f"The server's list is broken: {reason}. "
        "What came before is shown; whether anything is missing is not known."
    )


def next_after(page: Page) -> Next:
    """Return the step after a page, judged by that page alone.

    Without `has_more` the list goes on until an empty page. Without `last_id` the cursor is the id
    of the last row that has one. An empty page is followed by its `last_id`.
    """
    if page.has_more is False or (page.has_more is None and not page.names):
        return Next(ended=True)
    if page.next_cursor:
        return Next(page.next_cursor)
    return Next(reason=NO_CURSOR if page.names else EMPTY_BUT_MORE)


class Progress:
    """The cursors followed so far, and how many pages in a row brought nothing."""

    __slots__ = ("_empty", "_without_new", "cursors")

    def __init__(self, start: str | None = None) -> None:
        """Begin at the cursor `start`, or at the beginning of the list."""
        self.cursors: set[str] = {start} if start else set()
        self._empty = 0
        self._without_new = 0

    def advance(self, page: Page, step: Next, *, new: bool) -> Next:
        """Return `step`, or why it must not be taken; `new` says if the page brought a new row."""
        self._empty = 0 if page.names else self._empty + 1
        self._without_new = 0 if new else self._without_new + 1
        if step.cursor is None:
            return step
        if step.cursor in self.cursors:
            return Next(reason=IN_A_CIRCLE)
        if self._empty >= MOST_EMPTY:
            return Next(reason=ONLY_EMPTY)
        if self._without_new >= MOST_WITHOUT_NEW:
            return Next(reason=NOTHING_NEW)
        self.cursors.add(step.cursor)
        return step


# -- rows that come again --------------------------------------------------------------------------


def repeats_at_edge(before: Sequence[RawRow], entries: Sequence[RawRow]) -> int:
    """Return how many rows a page repeats at its beginning, byte for byte, from those before it.

    Takes linear time (Knuth, Morris and Pratt), however much the rows resemble each other.
    """
    most = min(len(before), len(entries))
    borders = [0]
    """How many rows the first rows of the page, 1 and more, repeat from its beginning."""

    def extend(length: int, entry: RawRow) -> int:
        while not same_bytes(entry, entries[length]):
            if not length:
                return 0
            length = borders[length - 1]
        return length + 1

    for entry in entries[1:most]:
        borders.append(extend(borders[-1], entry))
    length = 0
    for entry in before[len(before) - most :]:
        length = extend(length, entry)
    return length


def same_bytes(one: RawRow, other: RawRow) -> bool:
    """Return whether two rows are the same, byte for byte."""
    return one.name == other.name and one.size == other.size and one.raw == other.raw


def match_rows(known: Sequence[RawRow], fresh: Sequence[RawRow]) -> list[int | None]:
    """Return the place in `known` of each row of `fresh`, or None for a row that is not in it.

    Both are parts of one list in the same order, the second asked for later, so places only grow.
    Rows that occur once in each match first, if they are unchanged (a patience diff). Between two
    of them rows match from both ends while they are unchanged, then by id, and rows that share an
    id by their place. Takes time in proportion to the rows, but for a logarithm.
    """
    matching = _Matching(known, fresh)
    matching.match_all()
    return matching.places


class _Anchor(NamedTuple):
    """An unchanged row, and the end of the longest chain of them before it."""

    old: int
    new: int
    before: _Anchor | None


class _Matching:
    """Rows that are being matched; `olds` and `news` are ranges of places in the two lists."""

    def __init__(self, known: Sequence[RawRow], fresh: Sequence[RawRow]) -> None:
        self._known = known
        self._fresh = fresh
        self.places: list[int | None] = [None] * len(fresh)

    def match_all(self) -> None:
        """Fill in `places`."""
        start = self._match_unchanged(range(len(self._known)), range(len(self._fresh)))
        olds, news = range(start, len(self._known)), range(start, len(self._fresh))
        for old, new in self._anchors(olds, news) if olds and news else ():
            self.places[new] = old
            self._match_between(range(olds.start, old), range(news.start, new))
            olds, news = range(old + 1, olds.stop), range(new + 1, news.stop)
        # Behind the last of them `known` may go on for longer, so the ends need not be the same.
        start = self._match_unchanged(olds, news)
        self._match_by_id(olds[start:], news[start:])

    def _anchors(self, olds: range, news: range) -> list[tuple[int, int]]:
        """Return the most places of unchanged rows, each once in both, that grow in both."""
        in_known, in_fresh = _single(self._known, olds), _single(self._fresh, news)
        lasts: list[int] = []
        chains: list[_Anchor] = []
        """The chain of each length whose last place in `known` is the smallest; see `lasts`."""
        for text, new in in_fresh.items():
            old = in_known.get(text)
            if old is None or not same_bytes(self._known[old], self._fresh[new]):
                continue
            length = bisect_left(lasts, old)
            lasts[length : length + 1] = [old]
            before = chains[length - 1] if length else None
            chains[length : length + 1] = [_Anchor(old, new, before)]
        anchors = []
        anchor = chains[-1] if chains else None
        while anchor is not None:
            anchors.append((anchor.old, anchor.new))
            anchor = anchor.before
        return anchors[::-1]

    def _match_between(self, olds: range, news: range) -> None:
        """Match rows between two that are unchanged, or between such a row and the beginning."""
        start = self._match_unchanged(olds, news)
        olds, news = olds[start:], news[start:]
        end = self._match_unchanged(olds[::-1], news[::-1])
        self._match_by_id(olds[: len(olds) - end], news[: len(news) - end])

    def _match_unchanged(self, olds: range, news: range) -> int:
        """Match rows pair by pair as far as they are unchanged, and return how many are."""
        count = 0
        for old, new in zip(olds, news, strict=False):
            if not same_bytes(self._known[old], self._fresh[new]):
                break
            self.places[new] = old
            count += 1
        return count

    def _match_by_id(self, olds: range, news: range) -> None:
        """Match rows that changed: the next of the known rows with the same id is the same row.

        An id that only one of these rows has identifies it at any place.
        """
        known = self._known
        ahead = Counter(self._fresh[new].name for new in news)
        counts = Counter(known[old].name for old in olds)
        shared = {name for name, count in (*ahead.items(), *counts.items()) if count > 1}
        places_by_id = {known[old].name: old for old in olds}
        old = olds.start
        for new in news:
            identifier = self._fresh[new].name
            ahead[identifier] -= 1
            if identifier not in shared:
                old = max(old, places_by_id.get(identifier, old))
            while old < olds.stop and known[old].name != identifier and not ahead[known[old].name]:
                old += 1  # gone: no row with this id is left
            if old < olds.stop and known[old].name == identifier:
                self.places[new] = old
                old += 1
            # Else the known row comes later, and this row is new.


def _single(rows: Sequence[RawRow], places: range) -> dict[int, int]:
    """Return the places of texts that occur once there, by a hash of the text."""
    texts = [hash(rows[place].raw) for place in places]
    counts = Counter(texts)
    return {text: place for text, place in zip(texts, places, strict=True) if counts[text] == 1}


# -- the loop --------------------------------------------------------------------------------------


class PageStep(NamedTuple):
    """A page in a sequence, and what follows."""

    page: Page
    skipped: int
    """How many rows at the beginning of the page only repeat the end of the page before."""
    repeats: int
    """How many rows were skipped as exact repeats."""
    next: Next
    again: int = 0
    """How many of the other rows came on an earlier page, byte for byte."""

    @property
    def rows(self) -> tuple[RawRow, ...]:
        """The rows without those that are skipped."""
        return self.page.rows[self.skipped :]


async def iterate_pages(
    fetch: Callable[[str | None], Awaitable[Page]],
    *,
    start: str | None = None,
    first: Page | None = None,
    is_shared: Callable[[str], bool] = lambda identifier: False,  # noqa: ARG005
) -> AsyncIterator[PageStep]:
    """Yield the pages of a list until it ends or is broken.

    `fetch` returns the page after a cursor. `start` is the first cursor, and `first` the page there
    if it was fetched already. `is_shared` says of an id if rows are known to share it, so that it
    is not a cursor. A broken list is not raised: see `PageStep.next`. Raise what `fetch` raises.
    """
    sequence = _PageSequence(start, is_shared)
    page = first if first is not None else await fetch(start)
    while True:
        step = sequence.take(page)
        yield step
        if step.next.cursor is None:
            return
        page = await fetch(step.next.cursor)


def list_pages(
    list_page: Callable[[ListQuery], Awaitable[Page]], query: ListQuery
) -> AsyncIterator[PageStep]:
    """Yield the pages of a source's list from `query.after` on; see `iterate_pages`."""
    return iterate_pages(lambda cursor: list_page(query._replace(after=cursor)), start=query.after)


async def ignores_order(page: Page, newest_first: Callable[[], Awaitable[Page]]) -> bool:
    """Return whether a source lists newest first although asked for the oldest.

    That is suspected if the first `page` begins with its newest row, and sure if the opposite order
    gives the same page. Raise what `newest_first` raises.
    """
    if len(page) < 2:
        return False
    first, last = page.time_at(0), page.time_at(-1)
    if first is None or last is None or first.seconds <= last.seconds:
        return False
    return (await newest_first()).names == page.names


class _PageSequence:
    """The rows so far, as far as they are needed to judge later pages."""

    def __init__(self, start: str | None, is_shared: Callable[[str], bool]) -> None:
        self._is_shared = is_shared
        self._progress = Progress(start)
        self._names = HashSet()
        self._rows = HashSet()
        """Hashes of the name and the text of each row."""
        self._shared: set[str] = set()
        """The names that rows with other texts share."""
        self._recent: list[tuple[Page, int]] = []
        """The last pages, each with how many of its rows were skipped."""
        self._asked_again = 0
        """How many rows of the tail the next page lists again because of its cursor."""

    def take(self, page: Page) -> PageStep:
        """Return the step that a page makes."""
        names = page.names
        hashes = [*map(hash, names)]
        rows = [*map(hash, zip(names, page.texts(), strict=True))]
        if len(set(names)) == len(names) and self._names.isdisjoint(hashes):
            repeats = skipped = again = 0
            new = bool(names)
            self._names.update(hashes)
            self._rows.update(rows)
        else:
            tail = self._tail
            repeats = repeats_at_edge(tail, page.rows)
            skipped = max(repeats, self._same_ids(tail, page.rows))
            met = [*map(self._meet, names[skipped:], rows[skipped:])]
            new, again = any(met), met.count(False)
        self._keep(page, skipped)
        left_out = max(0, repeats - self._asked_again)
        self._asked_again = 0
        step = self._progress.advance(page, self._unshared(page, next_after(page)), new=new)
        if step.reason and not new:  # a broken list, and no new row in its last page
            return PageStep(page, len(page), left_out + len(page) - skipped, step)
        return PageStep(page, skipped, left_out, step, again)

    @property
    def _tail(self) -> list[RawRow]:
        """The last rows, against which the beginning of the next page is compared."""
        return [row for page, skipped in self._recent for row in page.rows[skipped:]][-TAIL:]

    def _keep(self, page: Page, skipped: int) -> None:
        """Keep a page, and the pages before it that the tail reaches into."""
        self._recent.append((page, skipped))
        size = needed = 0
        while size < TAIL and needed < len(self._recent):
            needed += 1
            kept, left_out = self._recent[-needed]
            size += len(kept) - left_out
        self._recent = self._recent[-needed:]

    def _same_ids(self, tail: Sequence[RawRow], entries: Sequence[RawRow]) -> int:
        """Return how many rows were asked for again and came, changed or not."""
        expected = tail[len(tail) - self._asked_again :]
        pairs = zip(expected, entries, strict=False)
        return len(list(takewhile(lambda pair: pair[0].name == pair[1].name, pairs)))

    def _meet(self, name: str, row: int) -> bool:
        """Remember a row by its name and its hash; return False if it came before."""
        if row in self._rows:
            return False
        if hash(name) in self._names:
            self._shared.add(name)
        self._names.update((hash(name),))
        self._rows.update((row,))
        return True

    def _unshared(self, page: Page, step: Next) -> Next:
        """Return a step from a row with an id of its own, in place of one from a shared id."""
        if step.cursor is None or not page.ids_are_cursors or not self._shares(step.cursor):
            return step
        for back, entry in enumerate(reversed(self._tail)):
            if entry.has_id and not self._shares(entry.name):
                if entry.name in self._progress.cursors:
                    break
                self._asked_again = back
                return Next(entry.name)
        return step

    def _shares(self, identifier: str) -> bool:
        return identifier in self._shared or self._is_shared(identifier)
