"""`threads delete`: what goes is named, asked about, and told one by one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from chatkit_tui.cli.connection import Connection, clock
from chatkit_tui.cli.failures import DONE, FAILED, NOT_AUTHORISED, NOT_FOUND, exit_code
from chatkit_tui.cli.output import cell, write
from chatkit_tui.deletion import delete_threads
from chatkit_tui.errors import ChatKitError, NotFoundError, ReadOnlyError

if TYPE_CHECKING:
    from chatkit_tui.api import ChatKitClient
    from chatkit_tui.models.threads import Thread


@dataclass(frozen=True, slots=True)
class Deletion:
    """Threads that were named, in their order, each once."""

    connection: Connection
    thread_ids: Sequence[str]

    def rehearse(self) -> int:
        """Say what would go; gives the exit code. Raises what the client raises."""
        found = self._look_up()
        for thread_id, line in found.items():
            write(f"{cell(thread_id)}\t{line or 'not found'}\n")
        return DONE if all(found.values()) else NOT_FOUND

    def carry_out(self, *, ask: bool) -> int:
        """Delete the threads, asking first if wanted; gives the exit code.

        Raises `ReadOnlyError` in read-only mode, `click.UsageError` when there is nobody to ask,
        and what the client raises while it looks up what would go.
        """
        if self.connection.settings.read_only:
            raise ReadOnlyError("Read-only mode: nothing is deleted.")
        if not ask:
            return self._delete(self.thread_ids)
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise click.UsageError("There is no terminal to ask on: --yes deletes without asking.")
        found = self._look_up()
        for thread_id, line in found.items():
            click.echo(f"{cell(thread_id)}  {line or 'not found'}", err=True)
        there = [thread_id for thread_id, line in found.items() if line]
        if not there:
            return NOT_FOUND
        what = "this thread, its" if len(there) == 1 else f"these {len(there)} threads, their"
        question = f"Delete {what} items and stored attachments? Nothing brings them back."
        return self._delete(there) if click.confirm(question, err=True) else FAILED

    def _look_up(self) -> dict[str, str]:
        """What a person recognises each thread by; empty for one that is not there."""
        now = clock(self.connection.settings)()

        async def act(client: ChatKitClient) -> dict[str, str]:
            found: dict[str, str] = {}
            for thread_id in self.thread_ids:
                try:
                    found[thread_id] = _line(await client.threads.retrieve(thread_id), now)
                except NotFoundError:
                    found[thread_id] = ""
            return found

        return self.connection.run(act)

    def _delete(self, thread_ids: Sequence[str]) -> int:
        """Delete each and tell of each on standard output; gives the exit code."""
        codes: list[int] = []

        async def act(client: ChatKitClient) -> None:
            async def delete(thread_id: str) -> None:
                try:
                    await client.threads.delete(thread_id)
                except ChatKitError as error:
                    codes.append(exit_code(error))
                    raise
                codes.append(DONE)

            async for result in delete_threads(delete, thread_ids):
                cells = (result.thread_id, result.outcome, result.reason)
                write("\t".join(cell(text) for text in cells if text) + "\n", at_once=True)

        self.connection.run(act)
        if NOT_AUTHORISED in codes:
            return NOT_AUTHORISED
        return codes[0] if len(set(codes)) == 1 else FAILED


def _line(thread: Thread, now: float) -> str:
    """Title, user and age of a thread."""
    from chatkit_tui.text.ages import age

    title = cell(thread.title or "") or "without a title"
    user = cell(thread.user or "") or "unknown"
    old = f"{age(now - thread.time.seconds)} old" if thread.time else "of unknown age"
    return f"{title} · user {user} · {old}"
