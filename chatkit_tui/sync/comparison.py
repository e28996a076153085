"""Compare an archive with its source, thread by thread and byte for byte."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from chatkit_tui.errors import InvalidArgumentError, NotFoundError
from chatkit_tui.sources.archive.reader import ArchiveReader
from chatkit_tui.sources.archive.verify import Damage
from chatkit_tui.sources.base import ListQuery, ThreadSource
from chatkit_tui.sources.paging import list_pages
from chatkit_tui.text.plain import counted

PAGE: Final = 100
_RUN_SYNC: Final = "run archive sync"
_RENAME: Final = "the owner of the source has to give it another id"
_SYNC_ANEW: Final = "run archive sync; if it stays, an old item has changed: sync to a new file"


async def compare(
    source: ThreadSource, file: Path, sample: int | None = None
) -> tuple[dict[str, object], list[Damage]]:
    """Compare all threads, or `sample` random ones; return counts and the differences."""
    reader = ArchiveReader(file)
    try:
        ids, reason = await _listed(source)
        known = set(reader.thread_ids())
        found = [
            Damage("not in the archive", name, "listed by the source", _RUN_SYNC)
            for name in ids
            if name not in known
        ]
        chosen = [name for name in ids if name in known]
        if sample is not None and sample < len(chosen):
            chosen = random.sample(chosen, sample)
        for thread_id in chosen:
            found += await _differences(source, reader, thread_id)
        counts: dict[str, object] = {
            "threads": len(ids),
            "compared": len(chosen),
            "listing_complete": not reason,
        }
        if reason:
            found.append(Damage("list not complete", None, reason, "try again"))
        return counts, found
    finally:
        reader.close()


async def _listed(source: ThreadSource) -> tuple[list[str], str]:
    """Return the ids of all threads of the source, and why the list is not complete, if so."""
    ids: list[str] = []
    async for step in list_pages(source.list_threads, ListQuery(PAGE, "desc")):
        ids += [row.id for row in step.rows if row.id]
        if step.next.reason:
            return ids, step.next.reason
    return list(dict.fromkeys(ids)), ""


async def _differences(source: ThreadSource, reader: ArchiveReader, thread_id: str) -> list[Damage]:
    served: list[bytes] = []
    try:
        async for step in list_pages(
            lambda query: source.list_items(thread_id, query), ListQuery(PAGE, "asc")
        ):
            served += [row.raw for row in step.rows]
            if step.next.reason:
                return [Damage("list not complete", thread_id, step.next.reason, "try again")]
    except NotFoundError as error:
        detail = "deleted meanwhile" if error.from_api else str(error)
        return [Damage("gone from the source", thread_id, detail, _RUN_SYNC)]
    except InvalidArgumentError as error:
        return [Damage("not comparable", thread_id, f"no request can name it: {error}", _RENAME)]
    kept = list(_kept(reader, thread_id))
    if kept == served:
        return []
    same = sum(ours == theirs for ours, theirs in zip(kept, served, strict=False))
    detail = f"{counted(len(served), 'item')} there, {len(kept):,} here, {same:,} the same"
    kind = "new items" if kept == served[: len(kept)] else "different items"
    return [Damage(kind, thread_id, detail, _RUN_SYNC if kind == "new items" else _SYNC_ANEW)]


def _kept(reader: ArchiveReader, thread_id: str) -> Iterator[bytes]:
    for raw in reader.present_items(thread_id):
        yield raw if isinstance(raw, bytes) else raw.encode()
