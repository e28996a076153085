"""Compare an archive with its source, thread by thread and byte for byte."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from chatkit_tui.errors import InvalidArgumentError, NotFoundError
from chatkit_tui.models.page import RawRow
from chatkit_tui.sources.archive.reader import ArchiveReader
from chatkit_tui.sources.archive.schema import id_hash
from chatkit_tui.sources.archive.verify import Damage
from chatkit_tui.sources.base import ListQuery, ThreadSource
from chatkit_tui.sources.paging import list_pages
from chatkit_tui.text.plain import counted

PAGE: Final = 100
_RUN_SYNC: Final = "run archive sync"
_RENAME: Final = "the owner of the source has to give it another id"
_SYNC_ANEW: Final = "run archive sync; if it stays, an old item has changed: sync to a new file"


class Comparison:
    """A comparison of all threads, or of some random ones, with what an archive has of them."""

    def __init__(
        self, source: ThreadSource, reader: ArchiveReader, sample: int | None = None
    ) -> None:
        """Only `sample` threads are compared item by item, if a number is given."""
        self.done = 0
        """Threads that were compared."""
        self.to_do = 0
        """Threads that are still to be compared."""
        self.listing_ended = False
        self._source = source
        self._reader = reader
        self._sample = sample
        self._users = reader.listed_users()
        self._known = set(reader.thread_ids())
        self._removed = reader.removed_hashes()
        self._listed: dict[str, bool] = {}
        """The ids of the source's threads, and whether the user removed each from the archive."""
        self._found: list[Damage] = []

    def parts(self, seconds: float) -> list[str]:
        """Return the counts in words, after some seconds; the most important one last."""
        return [
            f"{counted(len(self._listed), 'thread')} listed",
            f"{self.done:,} compared",
            f"{self.done / seconds:.1f} threads/s",
        ]

    async def run(self) -> tuple[dict[str, object], list[Damage]]:
        """Compare the threads; return counts and the differences."""
        reasons = [await self._list(user) for user in self._users or (None,)]
        chosen = [name for name in self._listed if name in self._known]
        if self._sample is not None and self._sample < len(chosen):
            chosen = random.sample(chosen, self._sample)
        self.to_do, self.listing_ended = len(chosen), True
        for thread_id in chosen:
            self._found += await self._differences(thread_id)
            self.done += 1
            self.to_do -= 1
        removed = sum(self._listed.values())
        counts: dict[str, object] = {
            "threads": len(self._listed) - removed,
            "removed": removed,
            "compared": self.done,
            "listing_complete": not any(reasons),
        }
        self._found += [
            Damage("list not complete", None, reason, "try again") for reason in reasons if reason
        ]
        return counts, self._found

    async def _list(self, user: str | None) -> str:
        """List the threads of a user or of all; return why the list is not complete, if so."""
        query = ListQuery(PAGE, "desc", user=user)
        async for step in list_pages(self._source.list_threads, query):
            for row in step.rows:
                if row.id and row.id not in self._listed:
                    self._listed[row.id] = id_hash(row.id) in self._removed
                    self._found += self._difference_of_thread(row.id, row)
            if step.next.reason:
                return step.next.reason
        return ""

    def _difference_of_thread(self, thread_id: str, row: RawRow) -> Iterator[Damage]:
        if thread_id not in self._known:
            if not self._listed[thread_id]:
                yield Damage("not in the archive", thread_id, "listed by the source", _RUN_SYNC)
        elif _bytes(self._reader.thread(thread_id)) != row.raw:
            yield Damage("changed thread", thread_id, "its title, status or user", _RUN_SYNC)

    async def _differences(self, thread_id: str) -> list[Damage]:
        served: list[bytes] = []
        try:
            async for step in list_pages(
                lambda query: self._source.list_items(thread_id, query), ListQuery(PAGE, "asc")
            ):
                served += [row.raw for row in step.rows]
                if step.next.reason:
                    return [Damage("list not complete", thread_id, step.next.reason, "try again")]
        except NotFoundError as error:
            detail = "deleted meanwhile" if error.from_api else str(error)
            return [Damage("gone from the source", thread_id, detail, _RUN_SYNC)]
        except InvalidArgumentError as error:
            detail = f"no request can name it: {error}"
            return [Damage("not comparable", thread_id, detail, _RENAME)]
        kept = [_bytes(raw) for raw in self._reader.present_items(thread_id)]
        if kept in (served, served[::-1]):  # a server may list newest first all the same
            return []
        same = sum(ours == theirs for ours, theirs in zip(kept, served, strict=False))
        detail = f"{counted(len(served), 'item')} there, {len(kept):,} here, {same:,} the same"
        kind = "new items" if kept == served[: len(kept)] else "different items"
        advice = _RUN_SYNC if kind == "new items" else _SYNC_ANEW
        return [Damage(kind, thread_id, detail, advice)]


def _bytes(raw: str | bytes) -> bytes:
    return raw if isinstance(raw, bytes) else raw.encode()
