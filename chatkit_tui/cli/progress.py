"""The progress of a long command on standard error: a bar on a terminal, else a line at times."""

from __future__ import annotations

import asyncio
import math
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final, Protocol

import click

from chatkit_tui.cli.output import is_terminal, report
from chatkit_tui.text.plain import counted

LINE_EVERY: Final = 10.0
"""Seconds between lines where standard error is not a terminal."""
BAR_EVERY: Final = 0.2
_BAR: Final = 10
_AROUND_BAR: Final = 14
"""Columns of the brackets, the percentage and the spaces; a line that wraps cannot be redrawn."""


class Work(Protocol):
    """The counts of some work, which grow while it runs."""

    @property
    def done(self) -> int: ...
    @property
    def to_do(self) -> int:
        """What is known to be left."""

    @property
    def listing_ended(self) -> bool:
        """Whether that is all that is left."""

    def parts(self, seconds: float) -> list[str]:
        """Return the counts in words, after some seconds of work; the most important one last."""


@asynccontextmanager
async def progress(work: Work) -> AsyncIterator[None]:
    """Show the progress of some work in the meantime."""
    show = _show_bar if is_terminal(sys.stderr) else _show_lines
    task = asyncio.create_task(show(work))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _show_bar(work: Work) -> None:
    began = time.monotonic()
    steps: Iterable[None] = ()
    with click.progressbar(
        steps,
        length=1,
        file=sys.stderr,
        width=_BAR,
        show_eta=False,
        item_show_func=lambda _: words(
            work, began, shutil.get_terminal_size().columns - _BAR - _AROUND_BAR
        ),
    ) as bar:
        while True:
            bar.length = max(work.done + work.to_do, 1) if work.listing_ended else None
            bar.pos = work.done
            bar.render_progress()
            await asyncio.sleep(BAR_EVERY)


async def _show_lines(work: Work) -> None:
    began = time.monotonic()
    while True:
        await asyncio.sleep(LINE_EVERY)
        report(words(work, began))


def words(work: Work, began: float, room: float = math.inf) -> str:
    """Return how far some work is, in one line: its last parts if not all have room."""
    seconds = max(time.monotonic() - began, 0.001)
    parts = work.parts(seconds)
    if work.to_do:
        left = f"{counted(work.to_do, 'thread')} left"
        if not work.listing_ended:
            left = f"at least {left}"
        elif work.done:
            minutes = work.to_do * seconds / work.done / 60
            left += f", {minutes:.0f} min" if minutes >= 1 else ", under a minute"
        parts.append(left)
    while len(parts) > 1 and len(", ".join(parts)) > room:
        del parts[0]
    return ", ".join(parts)
