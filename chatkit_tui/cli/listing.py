"""Lists: walked as far as the command line asks, written as JSON or as JSON lines."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import click

from chatkit_tui.cli.output import compact, table, write, write_json
from chatkit_tui.errors import BrokenListError

if TYPE_CHECKING:
    from chatkit_tui.api import AsyncPage
    from chatkit_tui.models.pages import Entry

T = TypeVar("T")
CommandT = TypeVar("CommandT", bound=Callable[..., Any])

LARGEST_PAGE = 100
"""Rows that the API gives at most in one answer."""


def list_options(command: CommandT) -> CommandT:
    """How much of a list, and in which form."""
    for option in (
        click.option("--jsonl", "as_lines", is_flag=True, help="One row a line, as JSON."),
        click.option("--json", "as_json", is_flag=True, help="The API's own JSON."),
        click.option("--all", "everything", is_flag=True, help="Every row there is."),
        click.option(
            "--limit", type=click.IntRange(min=0), metavar="N", help="At most N rows (20)."
        ),
        click.option("--order", type=click.Choice(["asc", "desc"]), help="Oldest or newest first."),
    ):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Extent:
    """How many rows are wanted: `limit` of them, all, or as many as the server gives unasked."""

    limit: int | None = None
    everything: bool = False

    @property
    def page_limit(self) -> int | None:
        """The `limit` to ask the server for."""
        if self.everything:
            return LARGEST_PAGE
        return None if self.limit is None else min(self.limit, LARGEST_PAGE)

    @property
    def one_page(self) -> bool:
        """Whether one answer holds all that is wanted."""
        return not self.everything and (self.limit is None or self.limit <= LARGEST_PAGE)


def extent(
    limit: int | None, *, everything: bool, as_json: bool = False, as_lines: bool = False
) -> Extent:
    """What `--limit` and `--all` say together.

    Raises `click.UsageError` when they disagree, and when `--json` and `--jsonl` do.
    """
    if everything and limit is not None:
        raise click.UsageError("--all and --limit exclude each other.")
    if as_json and as_lines:
        raise click.UsageError("--json and --jsonl exclude each other.")
    return Extent(limit, everything)


@dataclass(frozen=True, slots=True)
class Chunk(Generic[T]):
    """The wanted rows of one page."""

    page: AsyncPage[T]
    entries: tuple[Entry[T], ...]
    more: bool | None
    """Whether the server has rows behind these; None when it does not say."""


async def walk(pages: AsyncIterable[AsyncPage[T]], wanted: Extent) -> AsyncIterator[Chunk[T]]:
    """The wanted rows, page by page; a row that two pages have comes once.

    Raises what the pages raise, and `BrokenListError` behind a page that has less than was wanted
    and says that there is more without a way to get at it.
    """
    seen: set[str] = set()
    left = None if wanted.everything else wanted.limit
    async for page in pages:
        fresh = [entry for entry in page.entries if not (entry.has_id and entry.id in seen)]
        seen.update(entry.id for entry in fresh)
        entries = tuple(fresh if left is None else fresh[:left])
        if left is not None:
            left -= len(entries)
        yield Chunk(page, entries, more=len(entries) < len(fresh) or _more_behind(page))
        if left == 0:
            return
        if wanted.one_page:
            _check(page)
            return


def _more_behind(page: AsyncPage[Any]) -> bool | None:
    try:
        return page.has_more if _check(page) else False
    except BrokenListError:
        return True


def _check(page: AsyncPage[Any]) -> bool:
    """Whether the list can go on behind this page. Raises `BrokenListError` when it must and
    cannot."""
    return page.next_call is not None


async def write_json_list(chunks: AsyncIterable[Chunk[T]], wanted: Extent) -> None:
    """Write a list as JSON: the answer as it came where there is one, else one list made of all.

    That list has the rows as they came, in one `data`, with `first_id`, `last_id` and `has_more`
    as the API would answer. It is written while the pages arrive; when a page fails, it breaks off.
    """
    first_id = last_id = None
    more: bool | None = False
    started = whole = False
    async for chunk in chunks:
        if not started and (wanted.one_page or chunk.page.has_more is False):
            write_json(chunk.page.raw.rstrip() + b"\n")
            whole = True  # and on, to where the walk may find the list broken
            continue
        for entry in chunk.entries:
            write_json((b",\n" if first_id is not None else _HEAD) + entry.raw)
            first_id = entry.id if first_id is None else first_id
            last_id = entry.id
        started, more = True, chunk.more
    if whole:
        return
    fields = {"first_id": first_id, "last_id": last_id, "has_more": more is not False}
    tail = json.dumps(fields, separators=(",", ":"))[1:].encode()
    write_json((_HEAD if first_id is None else b"") + b"\n]," + tail + b"\n")


_HEAD = b'{"object":"list","data":[\n'


async def write_json_lines(chunks: AsyncIterable[Chunk[T]]) -> None:
    """Write each row on a line of its own, its values as they came."""
    async for chunk in chunks:
        for entry in chunk.entries:
            write_json(compact(entry.raw) + b"\n")


async def write_rows(
    chunks: AsyncIterable[Chunk[T]],
    wanted: Extent,
    noun: str,
    header: Sequence[str],
    cells_of: Callable[[T], Sequence[str]],
    *,
    cut: int = -1,
) -> None:
    """Write each row as a line of cells, and say on standard error when the list goes on.

    On a terminal the columns stand below each other in each page. A row is read when its turn
    comes, so that a long list needs no more memory than a page.
    """
    shown = 0
    more: bool | None = False
    async for chunk in chunks:
        rows = [cells_of(entry.load()) for entry in chunk.entries]
        if rows:
            write(table(rows, header=None if shown else header, cut=cut))
        shown, more = shown + len(rows), chunk.more
    if wanted.limit == 0:
        click.echo(f"{noun}: none shown (--limit 0)", err=True)
    elif more is not False:
        exist = "more exist" if more else "more may exist"
        click.echo(f"{noun}: {shown} shown, {exist} (--limit N, --all)", err=True)
    elif not shown:
        click.echo(f"{noun}: none", err=True)
