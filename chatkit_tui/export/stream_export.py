"""Export threads one after the other into one stream."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from chatkit_tui.errors import APIError, ChatKitError, InvalidArgumentError, error_line
from chatkit_tui.export.exported_thread import ExportedThread, read_thread
from chatkit_tui.export.report import ExportReport, FailureLimit
from chatkit_tui.models.page import RawRow

if TYPE_CHECKING:
    from chatkit_tui.export.redaction.redactor import Redactor
    from chatkit_tui.sources.base import ThreadSource


async def export_each(
    source: ThreadSource,
    threads: AsyncIterator[RawRow | str],
    write: Callable[[ExportedThread], object],
    report: ExportReport,
    *,
    redactor: Redactor | None = None,
    now: Callable[[], float] = time.time,
) -> None:
    """Read threads, given by their rows or ids, and `write` each in a thread.

    Raise what `write` raises, and an `APIError` that would affect every other thread as well.
    """
    failures = FailureLimit()
    async for thread in threads:
        thread_id = thread if isinstance(thread, str) else thread.name
        error: ChatKitError | None
        try:
            exported = await read_thread(source, thread, redactor=redactor, now=now)
        except (APIError, InvalidArgumentError) as caught:
            error = caught
            reason = error_line(error)
            report.add_failure(thread_id, redactor.text(reason) if redactor else reason, error)
        else:
            error = exported.error
            with exported:
                await asyncio.to_thread(write, exported)
                report.add(thread_id, exported)
        failures.check(error)
