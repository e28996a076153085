"""`chatkit-tui search`: words in an archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from chatkit_tui.cli.completion import complete_file
from chatkit_tui.cli.connection import load_command_settings
from chatkit_tui.cli.help import ExampleCommand
from chatkit_tui.cli.options import (
    Given,
    connection_options,
    parse_date_option,
    user_name,
)
from chatkit_tui.cli.output import exact_cell, on_terminal, report, timestamp, write, write_object
from chatkit_tui.cli.sources import clock
from chatkit_tui.search.searchable_text import KIND_NAMES
from chatkit_tui.text.plain import counted

if TYPE_CHECKING:
    from chatkit_tui.config.settings import Settings
    from chatkit_tui.sources.base import Hit


@click.command(cls=ExampleCommand)
@click.argument(
    "arguments", metavar="[FILE] QUERY", nargs=-1, required=True, shell_complete=complete_file
)
@click.option("--user", callback=user_name(), metavar="NAME", help="Only threads of this user.")
@click.option(
    "--kind",
    type=click.Choice(KIND_NAMES),
    metavar="KIND",
    help=f"Only items of this kind: {', '.join(KIND_NAMES)}.",
)
@click.option(
    "--since", metavar="DATE", help="Only items since 2026-11-01, an ISO time, or 7d (days ago)."
)
@click.option("--until", metavar="DATE", help="Only items until DATE; a day is included.")
@click.option(
    "--order",
    type=click.Choice(["newest", "relevance"]),
    default="newest",
    help="Newest first, or the best of the newest 2,000.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    metavar="N",
    help="Show at most N matches.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list object.")
@connection_options
def search(
    arguments: tuple[str, ...],
    user: str | None,
    kind: str | None,
    since: str | None,
    until: str | None,
    order: Literal["newest", "relevance"],
    limit: int,
    *,
    as_json: bool,
    **given: Given,
) -> None:
    """Find words in an archive file.

    QUERY is one argument: quote it. All words must be there; -word excludes one, "two words" is a
    phrase, and begin* finds every word with that beginning. FILE can be left out with --archive or
    a profile that has an archive. `--` stands before a QUERY that begins with a minus.

    A line has time, thread, item, user, kind and passage, separated by tabs.
    """
    from chatkit_tui.sources.archive.reader import ArchiveReader
    from chatkit_tui.sources.base import SearchQuery

    settings = load_command_settings(given)
    file, text = _file_and_query(arguments, settings)
    now = clock(settings)()
    query = SearchQuery(
        text,
        user=user,
        kind=kind,
        since=parse_date_option("--since", since, settings.zone, now),
        until=parse_date_option("--until", until, settings.zone, now, end=True),
        limit=limit + 1,
        order=order,
    )
    with ArchiveReader(file) as reader:
        hits = reader.search(query)
        indexed = reader.searcher.indexed()
    has_more = len(hits) > limit
    if as_json:
        value = {
            "object": "list",
            "data": [_json(hit) for hit in hits[:limit]],
            "has_more": has_more,
            "indexed": indexed.indexed,
            "not_indexed": indexed.not_indexed,
        }
        write_object(value)
    else:
        for hit in hits[:limit]:
            write(_line(hit) + "\n")
        if has_more:
            report(f"search: {limit:,} shown, more exist (--limit N)")
    if not hits:
        report("search: none")
    if indexed.not_indexed:
        lacking = counted(indexed.not_indexed, "item")
        report(f"search: {lacking} not indexed yet; archive sync does that")


def _file_and_query(arguments: tuple[str, ...], settings: Settings) -> tuple[Path, str]:
    if len(arguments) == 2:
        return Path(arguments[0]), arguments[1]
    if len(arguments) != 1:
        raise click.UsageError("Give FILE and QUERY; quote a QUERY of several words.")
    if settings.archive is None:
        raise click.UsageError(
            "This command searches an archive: give FILE and QUERY, or name the file with"
            " --archive. `chatkit-tui archive sync FILE` makes one."
        )
    return settings.archive, arguments[0]


def _json(hit: Hit) -> dict[str, object]:
    return {
        "thread_id": hit.thread_id,
        "item_id": hit.item_id,
        "created_at": hit.created_at,
        "user": hit.user,
        "kind": hit.kind,
        "passage": hit.passage,
        "matches": [list(match) for match in hit.matches],
    }


def _line(hit: Hit) -> str:
    from chatkit_tui.models.timestamps import Timestamp

    when = timestamp(Timestamp(hit.created_at) if hit.created_at is not None else None)
    cells = [when, hit.thread_id, hit.item_id or "-", hit.user or "-", hit.kind]
    passage = _marked(hit) if on_terminal() else exact_cell(hit.passage)
    return "\t".join((*map(exact_cell, cells), passage))


def _marked(hit: Hit) -> str:
    return "".join(
        click.style(exact_cell(piece), bold=True) if is_match else exact_cell(piece)
        for piece, is_match in hit.pieces()
    )
