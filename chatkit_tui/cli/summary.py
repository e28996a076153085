"""The summary of a thread as text or JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from chatkit_tui.cli.output import cell, definitions, write, write_object

if TYPE_CHECKING:
    from chatkit_tui.models.page import RawRow
    from chatkit_tui.sources.paging import PageStep


async def write_summary(
    thread_id: str, pages: AsyncIterator[PageStep], now: float, *, as_json: bool
) -> None:
    """Write the figures of all items, which come oldest first. Raise what `pages` raises.

    Of a list that cannot be read to its end, write those that were read, and raise
    `BrokenListError`.
    """
    from chatkit_tui.inspection.summary import Run, summarize, summary_facts

    rows: list[RawRow] = []
    step: PageStep | None = None
    async for step in pages:
        rows += step.rows
    is_broken = step is not None and step.next.reason is not None
    summary = summarize([Run(rows, has_newest=not is_broken)], now)
    if as_json:
        write_object({"thread_id": thread_id, **summary.as_json()})
    else:
        facts = [("thread", thread_id), *summary_facts(summary)]
        write(definitions([(cell(name), cell(value)) for name, value in facts]))
    if step is not None:
        step.next.check()
