"""`chatkit-tui threads`: list, find, show, items, delete, deletions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial, wraps
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, TypeVar

import click

from chatkit_tui.cli.completion import complete_file
from chatkit_tui.cli.connection import connect
from chatkit_tui.cli.exit_codes import for_each
from chatkit_tui.cli.help import ExampleGroup
from chatkit_tui.cli.id_arguments import id_arguments, read_ids, reject_items
from chatkit_tui.cli.listing import LARGEST_PAGE, ListRequest, list_options, write_list
from chatkit_tui.cli.options import (
    Given,
    connection_options,
    json_lines_option,
    json_option,
    not_empty,
    plain_option,
    together,
    user_options,
)
from chatkit_tui.cli.output import (
    cell,
    exact_cell,
    on_terminal,
    report,
    timestamp,
    write,
    write_json,
)
from chatkit_tui.cli.sources import clock
from chatkit_tui.predicates.predicate import Predicate
from chatkit_tui.sources.base import ListQuery, Order
from chatkit_tui.sources.paging import list_pages

if TYPE_CHECKING:
    from chatkit_tui.config.settings import Settings
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.page import Page, RawRow
    from chatkit_tui.models.references import Reference
    from chatkit_tui.models.threads import Thread
    from chatkit_tui.sources.base import ThreadSource
    from chatkit_tui.sources.paging import PageStep

T = TypeVar("T")

NARROWEST = 40
WIDEST = 2_000
"""The limits of the columns of a transcript."""


_WIDEST_USER = 24
"""The largest width of a user in the list on a terminal."""


@click.group(cls=ExampleGroup)
def threads() -> None:
    """List, show and delete threads."""


@threads.command("list")
@list_options
@user_options
@connection_options
def list_threads(*, wanted: ListRequest, **given: Given) -> None:
    """List threads, newest first.

    Each line has the id, status, user, time of creation and title, separated by tabs. On a
    terminal, the title is first and the id last.
    """
    connection = connect(given)
    header: tuple[str, ...] = ("ID", "STATUS", "USER", "CREATED", "TITLE")
    cells_of, cut = _thread_cells, -1
    if on_terminal():
        header, cells_of, cut = _title_first(header), _columns, 0
    user = connection.settings.user
    connection.run(
        lambda source: write_list(
            source.list_threads, wanted, "threads", header, cells_of, user=user, cut=cut
        )
    )


@threads.command()
@id_arguments
@click.option(
    "--width",
    type=click.IntRange(NARROWEST, WIDEST),
    metavar="N",
    help="Columns, default the width of the terminal or 80.",
)
@click.option(
    "--order",
    type=click.Choice(["asc", "desc"]),
    default="asc",
    help="Sort oldest first (asc) or newest first (desc), default asc.",
)
@click.option("--summary", is_flag=True, help="Show figures of the conversation instead of it.")
@json_option
@plain_option
@connection_options
def show(
    *,
    ids: tuple[str, ...],
    exact: bool,
    width: int | None,
    order: Order,
    summary: bool,
    as_json: bool,
    **given: Given,
) -> int:
    """Show threads as text, as on the screen; nothing is folded.

    An ID is the id of a thread, the id of an item in it, or the URL of a log. `-` reads ids from
    standard input, one per line. With --json, show the thread without its items.

    With --summary, show counts, times and problems of all items instead.
    """
    from chatkit_tui.cli.summary import write_summary
    from chatkit_tui.models.threads import read_thread
    from chatkit_tui.terminal.environment import terminal_size

    wanted = read_ids(ids, exact=exact)
    connection = connect(given)
    columns = width or max(NARROWEST, terminal_size()[0])
    gaps = chain([""], repeat("\n"))
    oldest_first = ListQuery(LARGEST_PAGE, "asc")

    async def show_one(source: ThreadSource, reference: Reference) -> None:
        thread_id = await _thread_id(source, reference)
        if summary:
            pages = list_pages(_items_of(source, thread_id), oldest_first)
            now = clock(connection.settings)()
            await write_summary(thread_id, pages, now, as_json=as_json)
            return
        row = await source.get_thread(thread_id)
        if as_json:
            write_json(row.raw.rstrip() + b"\n")
            return
        write(next(gaps))
        pages = list_pages(partial(source.list_items, thread_id), ListQuery(LARGEST_PAGE, order))
        await _write_transcript(read_thread(row), pages, columns, connection.settings)

    return connection.run(lambda source: for_each(wanted.references, partial(show_one, source)))


async def _write_transcript(
    thread: Thread, pages: AsyncIterator[PageStep], columns: int, settings: Settings
) -> None:
    from chatkit_tui.models.items import read_item
    from chatkit_tui.render import RenderContext
    from chatkit_tui.render.threads import transcript_lines

    now = clock(settings)()
    context = RenderContext(now=now, relative=False, plain=settings.plain, tables=not on_terminal())
    repeats = 0

    async def items() -> AsyncIterator[Item]:
        nonlocal repeats
        async for step in pages:
            repeats += step.repeats
            for row in step.rows:
                yield read_item(row)
            step.next.check()

    lines = transcript_lines(thread, items(), columns, context, left_out=lambda: repeats)
    async for line in lines:
        write(line + "\n")


async def _thread_id(source: ThreadSource, reference: Reference) -> str:
    """Return the id of a thread. Raise `NotFoundError` if no thread contains the item."""
    if not reference.is_item:
        return reference.id
    from chatkit_tui.errors import NotFoundError
    from chatkit_tui.inspection.item_lookup import thread_of_item

    report(f"searching all threads for {reference.id}, newest first")
    found = await thread_of_item(source, reference.id, lambda _: None)
    for thread_id, reason in found.skipped.items():
        report(f"{thread_id} was skipped: {reason}")
    if found.thread is None:
        where = "No thread that could be listed" if found.skipped else "No thread"
        raise NotFoundError(f"{where} has {reference.id}.", status=404)
    return found.thread.id


def _items_of(source: ThreadSource, thread_id: str) -> Callable[[ListQuery], Awaitable[Page]]:
    """Return what lists the items of a thread.

    It raises `NotFoundError` for a thread that does not exist also where the source has an empty
    list for it.
    """

    async def load(query: ListQuery) -> Page:
        page = await source.list_items(thread_id, query)
        if query.after is None and not page.names and not page.has_more:
            await source.get_thread(thread_id)
        return page

    return load


def _predicate_options(command: Callable[..., T]) -> Callable[..., T]:
    """Add an option for each predicate; the command gets those that are given as `predicates`."""

    @wraps(command)
    def with_predicates(**given: Any) -> T:
        wanted = [each for each in Predicate if given.pop(each.name.lower())]
        return command(predicates=wanted, **given)

    return together(
        *(click.option(f"--{each.value}", is_flag=True, help=each.help) for each in Predicate)
    )(with_predicates)


@threads.command()
@_predicate_options
@click.option("--text", callback=not_empty(), metavar="TEXT", help="Only threads with these words.")
@click.option("--status", callback=not_empty(), metavar="STATUS", help="active, locked or closed.")
@click.option(
    "--since", metavar="DATE", help="Only threads since 2026-11-01, an ISO time, or 7d (days ago)."
)
@click.option("--until", metavar="DATE", help="Only threads until DATE; a day is included.")
@click.option(
    "--budget",
    type=click.IntRange(1),
    metavar="N",
    help="End after N requests, default 1,000; archives and databases are read to the end.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list object.")
@click.option("--jsonl", "as_lines", is_flag=True, help="Print a JSON object per thread and line.")
@user_options
@connection_options
def find(
    *,
    predicates: Sequence[Predicate],
    text: str | None,
    status: str | None,
    since: str | None,
    until: str | None,
    budget: int | None,
    as_json: bool,
    as_lines: bool,
    **given: Given,
) -> None:
    """Find threads with problems, newest first, by reading them one by one.

    A thread is found if it has any of the given problems and meets all other conditions. Without
    one and without --text, any problem counts. --text has the language of `search`. A problem is
    found in an item; an item that is not loaded is never guessed.

    Each line has the id, user, time of creation, what was found and title, separated by tabs.
    """
    from chatkit_tui.cli.find import ThreadFinder, wanted_threads

    if as_json and as_lines:
        raise click.UsageError("--json and --jsonl exclude each other.")
    connection = connect(given)
    wanted = wanted_threads(predicates, text, status, since, until, connection.settings)
    ThreadFinder(connection, wanted, budget=budget, as_json=as_json, as_lines=as_lines).run()


@threads.command()
@id_arguments
@list_options
@connection_options
def items(*, wanted: ListRequest, ids: tuple[str, ...], exact: bool, **given: Given) -> int:
    """List the items of threads, newest first.

    Each line has the id, type, time of creation and first words, separated by tabs unless on a
    terminal. An ID is the same as for `threads show`.
    """
    references = read_ids(ids, exact=exact).references
    connection = connect(given)

    async def list_one(source: ThreadSource, reference: Reference) -> None:
        load = _items_of(source, await _thread_id(source, reference))
        await write_list(load, wanted, "items", ("ID", "TYPE", "CREATED", "WORDS"), _item_cells)

    return connection.run(lambda source: for_each(references, partial(list_one, source)))


@threads.command()
@id_arguments
@click.option("--yes", is_flag=True, help="Delete without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be deleted, and delete nothing.")
@click.option(
    "--backup",
    callback=not_empty(),
    shell_complete=complete_file,
    metavar="FILE",
    help="Save each thread in an archive first; without that, nothing is deleted.",
)
@json_lines_option
@connection_options
def delete(
    *,
    ids: tuple[str, ...],
    exact: bool,
    yes: bool,
    dry_run: bool,
    backup: str | None,
    as_json: bool,
    **given: Given,
) -> int:
    """Delete threads with their items. This cannot be undone.

    The hosted API deletes stored attachments as well; a self-hosted server may keep them.

    On a terminal, the threads are shown and confirmed first. Otherwise, --yes is required. `-`
    reads ids from standard input, one per line. A rejected key stops the deletion, and so does a
    server that asks to wait for minutes.

    With --backup, or with backup_before_delete in the profile, the program saves each whole thread
    in an archive, reads it back, and deletes it only if the server then has nothing newer.
    Attachments are not saved.

    Each line has the id and the result of a thread: deleted, failed, unknown or not tried. With
    --json, it has id, result, reason and request_id.
    """
    from chatkit_tui.cli.backup import backup_of
    from chatkit_tui.cli.deletion import DeleteCommand

    wanted = read_ids(ids, exact=exact)
    reject_items(wanted, "`threads delete`")
    connection = connect(given)
    command = DeleteCommand(
        connection,
        wanted.ids,
        ids_from_input=wanted.from_input,
        as_json=as_json,
        backup=backup_of(connection.settings, backup),
    )
    return command.dry_run() if dry_run else command.run(ask=not yes)


@threads.command()
@click.option("--path", "only_path", is_flag=True, help="Print the path of the journal.")
@json_lines_option
def deletions(*, only_path: bool, as_json: bool) -> None:
    """List the threads deleted from this machine, newest first.

    They are read from the journal of deletions; no key is needed. Each line has the time of the
    confirmation, the result, the id, host, profile, request id and reason. With --json, it has id,
    result, reason, request_id, time, host and profile.
    """
    from chatkit_tui.cli.deletion import write_deletions

    write_deletions(only_path=only_path, as_json=as_json)


def _thread_cells(row: RawRow) -> tuple[str, ...]:
    from chatkit_tui.models.threads import read_thread

    thread = read_thread(row)
    return (
        exact_cell(thread.id),
        cell(thread.status.type),
        exact_cell(thread.user or "") or "-",
        timestamp(thread.time),
        cell(thread.title or "") or "-",
    )


def _columns(row: RawRow) -> tuple[str, ...]:
    """Return the cells for a terminal, with a long user truncated."""
    from chatkit_tui.text.width import shorten

    identifier, status, user, *rest = _thread_cells(row)
    return _title_first((identifier, status, shorten(user, _WIDEST_USER), *rest))


def _title_first(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Move the title to the start, and the id, which takes 53 cells, to the end."""
    return (cells[-1], *cells[1:-1], cells[0])


def _item_cells(row: RawRow) -> tuple[str, ...]:
    from chatkit_tui.models.items import read_item
    from chatkit_tui.render.items import item_words

    item = read_item(row)
    return (
        exact_cell(item.id),
        cell(item.type),
        timestamp(item.time),
        cell(item_words(item)) or "-",
    )
