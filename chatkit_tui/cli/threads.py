"""`chatkit-tui threads`: list, show, items, delete, deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from chatkit_tui.cli.connection import clock, connect
from chatkit_tui.cli.listing import (
    LARGEST_PAGE,
    extent,
    list_options,
    walk,
    write_json_lines,
    write_json_list,
    write_rows,
)
from chatkit_tui.cli.options import (
    Given,
    connection_options,
    filled,
    given_on,
    plain_option,
    user_options,
)
from chatkit_tui.cli.output import cell, instant, on_terminal, write

if TYPE_CHECKING:
    from chatkit_tui.api import ChatKitClient
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.threads import Thread

Order = Literal["asc", "desc"]

NARROWEST = 40
"""Columns below which a transcript is not drawn."""


@click.group()
def threads() -> None:
    """List, show and delete threads."""


@threads.command("list")
@list_options
@user_options
@connection_options
@click.pass_context
def list_threads(
    context: click.Context,
    /,
    *,
    limit: int | None,
    everything: bool,
    order: Order | None,
    as_json: bool,
    as_lines: bool,
    **given: Given,
) -> None:
    """List threads, newest first.

    As text, a line has id, status, user, time of creation and title; outside a terminal they are
    separated by tabs.
    """
    wanted = extent(limit, everything=everything, as_json=as_json, as_lines=as_lines)
    connection = connect(given_on(context, given))

    async def act(client: ChatKitClient) -> None:
        listed = client.threads.list(
            limit=wanted.page_limit, order=order, user=connection.settings.user
        )
        chunks = walk(listed.pages(), wanted)
        if as_json:
            await write_json_list(chunks, wanted)
        elif as_lines:
            await write_json_lines(chunks)
        else:
            await write_rows(
                chunks,
                wanted,
                "threads",
                ("ID", "STATUS", "USER", "CREATED", "TITLE"),
                _thread_cells,
            )

    connection.run(act)


@threads.command()
@click.argument("thread_id", metavar="ID", callback=filled())
@click.option(
    "--width",
    type=click.IntRange(min=NARROWEST),
    metavar="N",
    help="Columns; the terminal's, else 80.",
)
@click.option(
    "--order",
    type=click.Choice(["asc", "desc"]),
    default="asc",
    help="Oldest first (asc, as told without it) or newest first.",
)
@plain_option
@connection_options
@click.pass_context
def show(
    context: click.Context, /, *, thread_id: str, width: int | None, order: Order, **given: Given
) -> None:
    """Show a thread as text, drawn as on the screen, with nothing folded."""
    from shutil import get_terminal_size

    connection = connect(given_on(context, given))
    settings = connection.settings
    columns = width or max(NARROWEST, get_terminal_size((80, 24)).columns)

    async def act(client: ChatKitClient) -> None:
        from chatkit_tui.render.context import Context
        from chatkit_tui.render.transcript import transcript_lines

        context = Context(
            now=clock(settings)(),
            relative=False,
            plain=settings.plain,
            tables=not on_terminal(),
        )
        thread = await client.threads.retrieve(thread_id)
        items = client.threads.list_items(thread_id, order=order, limit=LARGEST_PAGE)
        async for line in transcript_lines(thread, items, columns, context):
            write(line + "\n")

    connection.run(act)


@threads.command()
@click.argument("thread_id", metavar="ID", callback=filled())
@list_options
@connection_options
@click.pass_context
def items(
    context: click.Context,
    /,
    *,
    thread_id: str,
    limit: int | None,
    everything: bool,
    order: Order | None,
    as_json: bool,
    as_lines: bool,
    **given: Given,
) -> None:
    """List the items of a thread, newest first.

    As text, a line has id, type, time of creation and the first words; outside a terminal they are
    separated by tabs.
    """
    wanted = extent(limit, everything=everything, as_json=as_json, as_lines=as_lines)
    connection = connect(given_on(context, given))

    async def act(client: ChatKitClient) -> None:
        listed = client.threads.list_items(thread_id, limit=wanted.page_limit, order=order)
        chunks = walk(listed.pages(), wanted)
        if as_json:
            await write_json_list(chunks, wanted)
        elif as_lines:
            await write_json_lines(chunks)
        else:
            await write_rows(
                chunks, wanted, "items", ("ID", "TYPE", "CREATED", "WORDS"), _item_cells
            )

    connection.run(act)


@threads.command()
@click.argument("thread_ids", metavar="ID…", nargs=-1, required=True, callback=filled())
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and delete nothing.")
@connection_options
@click.pass_context
def delete(
    context: click.Context,
    /,
    *,
    thread_ids: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    **given: Given,
) -> int:
    """Delete threads with their items and stored attachments. Nothing brings them back.

    On a terminal this asks first and names what goes; elsewhere it needs --yes. Each id gets a
    line with what became of it. A key that is refused stops the rest, and so does a server that
    asks to wait for minutes.
    """
    from chatkit_tui.cli.deletion import Deletion

    connection = connect(given_on(context, given))
    deletion = Deletion(connection, tuple(dict.fromkeys(thread_ids)))
    return deletion.rehearse() if dry_run else deletion.carry_out(ask=not yes)


@threads.command()
@click.option("--path", "only_path", is_flag=True, help="Say where the record is.")
def deletions(*, only_path: bool) -> None:
    """List what was deleted from this machine, the newest deletion first.

    A line has the time of the confirmation, what became of the thread, its id, host, profile,
    request id and reason. It is read from a file that only grows; no key is needed.
    """
    from chatkit_tui.cli.deletion import write_past, write_place

    if only_path:
        write_place()
    else:
        write_past()


def _thread_cells(thread: Thread) -> tuple[str, ...]:
    return (
        cell(thread.id),
        cell(thread.status.type),
        cell(thread.user or "") or "-",
        instant(thread.time),
        cell(thread.title or "") or "-",
    )


def _item_cells(item: Item) -> tuple[str, ...]:
    from chatkit_tui.render.items import item_words

    return (cell(item.id), cell(item.type), instant(item.time), cell(item_words(item)) or "-")
