"""Lists of commands: options, paging, and output as text, JSON or JSON lines."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from chatkit_tui.cli.options import json_option, together
from chatkit_tui.cli.output import report, table, write, write_json
from chatkit_tui.sources.base import ListQuery, Order
from chatkit_tui.sources.paging import list_pages
from chatkit_tui.text.json_text import compact
from chatkit_tui.text.plain import counted

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page, RawRow
    from chatkit_tui.sources.paging import PageStep

T = TypeVar("T")

LARGEST_PAGE = 100
"""The largest number of rows in a page of the API."""


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What to list, and in which form. Raise `click.UsageError` for options that exclude others."""

    limit: int | None = None
    """The number of rows; None for the server's default."""
    everything: bool = False
    order: Order | None = None
    as_json: bool = False
    as_lines: bool = False

    def __post_init__(self) -> None:
        if self.everything and self.limit is not None:
            raise click.UsageError("--all and --limit exclude each other.")
        if self.as_json and self.as_lines:
            raise click.UsageError("--json and --jsonl exclude each other.")

    @property
    def page_limit(self) -> int | None:
        """The `limit` to request."""
        if self.everything:
            return LARGEST_PAGE
        return None if self.limit is None else min(self.limit, LARGEST_PAGE)

    @property
    def one_page(self) -> bool:
        """Whether one page has all of the rows."""
        return not self.everything and (self.limit is None or self.limit <= LARGEST_PAGE)


def list_options(command: Callable[..., T]) -> Callable[..., T]:
    """Add the options of a list, which the command gets as a `ListRequest` named `wanted`."""

    @wraps(command)
    def with_request(**given: Any) -> T:
        wanted = ListRequest(**{field.name: given.pop(field.name) for field in fields(ListRequest)})
        return command(wanted=wanted, **given)

    return _OPTIONS(with_request)


_OPTIONS = together(
    click.option("--order", type=click.Choice(["asc", "desc"]), help="Oldest or newest first."),
    click.option(
        "--limit",
        type=click.IntRange(min=0),
        metavar="N",
        help="List at most N rows, default 20.",
    ),
    click.option("--all", "everything", is_flag=True, help="List all rows."),
    json_option,
    click.option("--jsonl", "as_lines", is_flag=True, help="Print one row per line, as JSON."),
)


async def write_list(
    load: Callable[[ListQuery], Awaitable[Page]],
    wanted: ListRequest,
    noun: str,
    header: Sequence[str],
    cells_of: Callable[[RawRow], Sequence[str]],
    *,
    user: str | None = None,
    cut: int = -1,
) -> None:
    """Load the rows of a list, of one `user` if given, and write them page by page.

    `cut` is the index of the column that a terminal may truncate. Raise what `load` and
    `read_chunks` raise.
    """
    query = ListQuery(wanted.page_limit, wanted.order, user=user)
    chunks = read_chunks(list_pages(load, query), wanted)
    if wanted.as_json:
        await write_json_list(chunks, wanted)
    elif wanted.as_lines:
        await write_json_lines(chunks)
    else:
        await write_rows(chunks, wanted, noun, header, cells_of, cut=cut)


@dataclass(frozen=True, slots=True)
class Chunk:
    """The listed rows of one page."""

    page: Page
    rows: tuple[RawRow, ...]
    more: bool | None
    """Whether the server has more rows; None if it does not say."""
    passed: bool = False
    """Whether the page is empty and the next page replaces it."""


async def read_chunks(steps: AsyncIterable[PageStep], wanted: ListRequest) -> AsyncIterator[Chunk]:
    """Yield the rows, page by page. Report omitted rows, and rows without an id.

    Raise `BrokenListError` if there are more rows but no cursor.
    """
    left = None if wanted.everything else wanted.limit
    repeats = again = without_id = 0
    try:
        async for step in steps:
            entries = step.rows if left is None else step.rows[:left]
            repeats, again = repeats + step.repeats, again + step.again
            without_id += sum(not entry.has_id for entry in entries)
            left = left if left is None else left - len(entries)
            more = True if len(entries) < len(step.rows) else _more_behind(step)
            passed = not entries and left != 0 and step.next.cursor is not None
            yield Chunk(step.page, entries, more, passed)
            if left == 0:
                return
            step.next.check()
            if wanted.one_page and not passed:
                return
    finally:
        if repeats:
            report(f"{counted(repeats, 'row')} omitted: identical to earlier rows")
        if again:
            report(
                f"{counted(again, 'row')} came again: the list is in disorder; some may be missing"
            )
        if without_id:
            report(f"{counted(without_id, 'row')} without an id: cannot be opened or deleted")


def _more_behind(step: PageStep) -> bool | None:
    """Return whether the server has rows after a page; None if it does not say."""
    if step.next.ended:
        return False
    return True if step.next.reason else step.page.has_more


async def write_json_list(chunks: AsyncIterable[Chunk], wanted: ListRequest) -> None:
    """Write a list as JSON: the answer as it came where there is one, else one list made of all.

    It is written while the pages arrive. If a page fails, it is incomplete.
    """
    first_id = last_id = None
    more: bool | None = False
    started = whole = written = False
    async for chunk in chunks:
        if chunk.passed:
            continue
        is_all = wanted.one_page or chunk.page.has_more is False
        if not started and is_all and chunk.page.is_answer:
            write_json(chunk.page.raw.rstrip() + b"\n")
            whole = True  # and continue: `chunks` may report a broken list
            continue
        for entry in chunk.rows:
            write_json((b",\n" if written else _HEAD) + entry.raw)
            identifier = entry.id
            first_id = first_id if written else identifier
            last_id, written = identifier, True
        started, more = True, chunk.more
    if whole:
        return
    fields = {"first_id": first_id, "last_id": last_id, "has_more": more is not False}
    tail = json.dumps(fields, separators=(",", ":"))[1:].encode()
    write_json((b"" if written else _HEAD) + b"\n]," + tail + b"\n")


_HEAD = b'{"object":"list","data":[\n'


async def write_json_lines(chunks: AsyncIterable[Chunk]) -> None:
    """Write each row on a line, with its values unchanged."""
    async for chunk in chunks:
        for entry in chunk.rows:
            write_json(compact(entry.raw) + b"\n")


async def write_rows(
    chunks: AsyncIterable[Chunk],
    wanted: ListRequest,
    noun: str,
    header: Sequence[str],
    cells_of: Callable[[RawRow], Sequence[str]],
    *,
    cut: int = -1,
) -> None:
    """Write each row as a line of cells, and report if there are more.

    On a terminal, the columns of each page are aligned. Rows are parsed one by one, to save memory.
    """
    shown = 0
    more: bool | None = False
    async for chunk in chunks:
        rows = [cells_of(row) for row in chunk.rows]
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
