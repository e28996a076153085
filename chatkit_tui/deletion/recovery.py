"""Deletions that an earlier run of the program did not report."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import Final

from chatkit_tui.deletion.journal import (
    DeletionJournal,
    PastDeletion,
    ThreadOutcome,
    UnreportedDeletion,
)
from chatkit_tui.deletion.wording import GONE, STILL_THERE, describe_deletion, describe_older
from chatkit_tui.errors import ChatKitError, JournalError, NotFoundError
from chatkit_tui.sources.base import Outcome

LOOKUP_TIMEOUT: Final = 10.0
"""Seconds for the lookup of all unknown outcomes."""
MAX_LINES: Final = 10
"""Deletions that are reported with a line each; one line counts the older ones."""


async def look_up(
    retrieve: Callable[[str], Awaitable[object]], past: PastDeletion, until: float | None = None
) -> dict[str, ThreadOutcome]:
    """Look for the threads of unknown outcome, and return the outcomes that are now known.

    Only the API's own 404 proves that a thread is gone. `retrieve` is the client's method, for the
    same account. `until` is a time of the event loop, by default in `LOOKUP_TIMEOUT`.
    """
    found: dict[str, ThreadOutcome] = {}
    now = asyncio.get_running_loop().time()
    end = now + LOOKUP_TIMEOUT if until is None else until
    if now >= end:
        return found
    with suppress(TimeoutError, ChatKitError):
        async with asyncio.timeout_at(end):
            for name in past.unknown:
                try:
                    thread = await retrieve(name)
                except NotFoundError as error:
                    if error.from_api:
                        found[name] = ThreadOutcome(Outcome.DELETED, GONE, error.request_id)
                else:
                    if getattr(thread, "id", name) == name:
                        found[name] = ThreadOutcome(Outcome.FAILED, STILL_THERE)
    return found


async def report_unreported(
    journal: DeletionJournal,
    retrieve: Callable[[str], Awaitable[object]],
    zone: tzinfo | None = UTC,
    *,
    last: int | None = None,
) -> list[str]:
    """Return a line for each unreported deletion, the oldest first, and mark it as reported.

    Beyond `MAX_LINES`, one line counts the older ones. Threads of unknown outcome are looked up
    with `retrieve` if the account is the same. With `last`, only that many bytes at the end of
    the journal are read.
    """
    try:
        unreported = await asyncio.to_thread(journal.claim_unreported, last)
    except JournalError as error:
        return [str(error)]
    until = asyncio.get_running_loop().time() + LOOKUP_TIMEOUT
    older, newest = unreported[:-MAX_LINES], unreported[-MAX_LINES:]
    try:
        lines = [await _report(entry, journal, retrieve, zone, until) for entry in newest]
        if older:
            await asyncio.to_thread(journal.mark_reported, {entry: {} for entry in older})
            lines.append(describe_older([entry.past for entry in older]))
    finally:
        for entry in unreported:
            entry.release()
    return lines


async def _report(
    unreported: UnreportedDeletion,
    journal: DeletionJournal,
    retrieve: Callable[[str], Awaitable[object]],
    zone: tzinfo | None,
    until: float,
) -> str:
    past = unreported.past
    found = await look_up(retrieve, past, until) if past.account == journal.account else {}
    await asyncio.to_thread(journal.mark_reported, {unreported: found})
    line = describe_deletion(replace(past, outcomes={**past.outcomes, **found}), zone)
    if past.account != journal.account:
        profile = f", profile {past.account.profile}" if past.account.profile else ""
        line += f" That was at {past.account.host or 'an unknown host'}{profile}."
    return line
