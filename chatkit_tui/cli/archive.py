"""`chatkit-tui archive`: sync, info, verify, remove, copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chatkit_tui.cli.connection import Connection, connect
from chatkit_tui.cli.exit_codes import DONE, FAILED, NOT_FOUND
from chatkit_tui.cli.help import ExampleGroup
from chatkit_tui.cli.id_arguments import exact_option, read_ids, reject_items
from chatkit_tui.cli.options import (
    Given,
    connection_options,
    not_empty,
    parse_date_option,
    user_name,
)
from chatkit_tui.cli.output import exact_cell, report, write, write_object
from chatkit_tui.cli.sources import clock
from chatkit_tui.text.plain import counted

if TYPE_CHECKING:
    from chatkit_tui.config.settings import Settings
    from chatkit_tui.sources.archive.reader import ArchiveInfo
    from chatkit_tui.sources.archive.schema import Origin
    from chatkit_tui.sources.archive.verify import Damage

PERSONAL = (
    "{path} will hold personal data: only you can read it; keep it where that stays so,"
    " and delete it when it is no longer needed."
)


@click.group(cls=ExampleGroup)
def archive() -> None:
    """Keep conversations in a file: synchronize, check, remove, copy."""


def _file(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))(
        command
    )


def _json(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")(command)


# -- sync ------------------------------------------------------------------------------------------


def _budget(context: click.Context, parameter: click.Parameter, value: str | None) -> object:
    """Read `--budget`: a number of requests, or a length of time."""
    if value is None:
        return (None, None)
    from chatkit_tui.text.times import parse_duration

    if value.isdecimal() and value.isascii() and int(value) > 0:
        return (int(value), None)
    seconds = 0
    with suppress(ValueError):
        seconds = parse_duration(value)
    if not seconds:
        raise click.BadParameter(
            "give a number of requests, or a time such as 5m or 2h.", context, parameter
        )
    return (None, seconds)


@archive.command()
@_file
@click.option(
    "--user",
    "users",
    multiple=True,
    callback=lambda context, parameter, value: tuple(
        user_name()(context, parameter, user) for user in value
    ),
    metavar="NAME",
    help="Only threads of this user; can be repeated.",
)
@click.option("--all-users", is_flag=True, help="Threads of all users, whatever the profile says.")
@click.option(
    "--since",
    callback=not_empty(),
    metavar="DATE",
    help="Only threads created since 2026-11-01, an ISO time, or 7d (days ago).",
)
@click.option(
    "--budget",
    callback=_budget,
    metavar="N|TIME",
    help="Stop after N requests, or after a time such as 5m.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 16),
    default=4,
    show_default=True,
    metavar="N",
    help="Requests in flight at once.",
)
@click.option(
    "--rate",
    type=click.FloatRange(0, min_open=True),
    metavar="N",
    help="At most N requests per second.",
)
@_json
@connection_options
@click.pass_context
def sync(
    context: click.Context,
    /,
    file: Path,
    users: tuple[str, ...],
    since: str | None,
    budget: tuple[int | None, float | None],
    concurrency: int,
    rate: float | None,
    *,
    all_users: bool,
    as_json: bool,
    **given: Given,
) -> None:
    """Bring FILE up to date with every thread and item of the source.

    The file is created if it does not exist. Stop at any time: the next sync continues from what is
    there. Nothing that the source no longer has is deleted from the file. Attachments are not
    downloaded.
    """
    from chatkit_tui.cli.archive_sync import SyncCommand
    from chatkit_tui.sync.synchronize import SyncOptions

    if users and all_users:
        raise click.UsageError("--user and --all-users exclude each other.")
    connection = _connect_to_source(given)
    settings = connection.settings
    if not users and settings.user and not all_users:
        users = (settings.user,)
        report(f"Only threads of user {settings.user}, as the profile says; --all-users lifts it.")
    from_time = parse_date_option("--since", since, settings.zone, clock(settings)())
    options = SyncOptions(users, from_time, concurrency)
    command = SyncCommand(
        connection, file, origin_of(settings), options, budget[0], budget[1], rate, as_json=as_json
    )
    if not file.exists():
        report(PERSONAL.format(path=file))
    context.exit(command.run())


def _connect_to_source(given: dict[str, Given]) -> Connection:
    """Return the connection to a source. Raise `UsageError` if the settings name an archive."""
    connection = connect(given)
    if connection.settings.archive:
        raise click.UsageError(
            f"This command reads the source of an archive, but the settings name"
            f" {connection.settings.archive}: leave out --archive, or choose a profile without one."
        )
    return connection


def origin_of(settings: Settings) -> Origin:
    """Return the origin that an archive of these settings has."""
    from chatkit_tui.config.address import origin_of_database, origin_of_server
    from chatkit_tui.sources.archive.schema import Origin

    if settings.demo:
        return Origin(settings.protocol, "built-in API")
    if settings.server:
        server = settings.server
        return Origin("server", origin_of_server(server.address), naive_times=server.naive_times)
    if settings.database:
        place = origin_of_database(settings.database.address)
        return Origin("database", place, naive_times=settings.database.naive_times)
    return Origin("hosted", settings.base_url.rstrip("/"), settings.project or "")


# -- info ------------------------------------------------------------------------------------------


@archive.command()
@_file
@_json
def info(file: Path, *, as_json: bool) -> None:
    """Show what FILE holds, where it comes from and how old it is."""
    from chatkit_tui.sources.archive.reader import ArchiveReader

    with ArchiveReader(file) as reader:
        found = reader.info()
    if as_json:
        write_object(info_json(found))
        return
    for name, value in _info_rows(found):
        write(f"{name:<12}{exact_cell(value)}\n")


def info_json(found: ArchiveInfo) -> dict[str, object]:
    """Return what `archive info --json` writes; times are Unix seconds."""
    return {
        "file": str(found.file),
        "origin": {
            "kind": found.origin.kind,
            "address": found.origin.address,
            "project": found.origin.project or None,
        },
        "threads": found.threads,
        "items": found.items,
        "incomplete": found.incomplete,
        "missing": found.missing,
        "missing_items": found.missing_items,
        "listed_at": found.listed_at,
        "listed_at_by_user": found.listed_at_by_user,
        "oldest_check": found.oldest_check,
        "newest_check": found.newest_check,
        "indexed": found.indexed.indexed,
        "not_indexed": found.indexed.not_indexed,
        "attachments": found.attachments,
    }


def _info_rows(found: ArchiveInfo) -> list[tuple[str, str]]:
    checked = "never"
    if found.oldest_check is not None and found.newest_check is not None:
        checked = f"{_moment(found.oldest_check)} to {_moment(found.newest_check)}"
    return [
        ("file", str(found.file)),
        ("origin", found.origin.name),
        ("threads", f"{found.threads:,}, {found.incomplete:,} incomplete"),
        *(("incomplete", f"{count:,}: {reason}") for reason, count in found.reasons.items()),
        ("items", f"{found.items:,}"),
        (
            "missing",
            f"{counted(found.missing, 'thread')} and {counted(found.missing_items, 'item')},"
            " gone from the source",
        ),
        ("listed", _moment(found.listed_at) if found.listed_at else "never completely"),
        *(
            ("", f"{_moment(moment)}: only threads of {user}")
            for user, moment in found.listed_at_by_user.items()
        ),
        ("checked", checked),
        ("indexed", f"{found.indexed.indexed:,}, {found.indexed.not_indexed:,} not yet"),
        ("attachments", f"{found.attachments:,} named, none downloaded"),
    ]


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M %Z")


# -- verify ----------------------------------------------------------------------------------------


@archive.command()
@_file
@click.option("--against-api", is_flag=True, help="Also compare every thread with its source.")
@click.option(
    "--sample", type=click.IntRange(1), metavar="N", help="Compare only N random threads."
)
@click.option("--reindex", is_flag=True, help="First make the index and the problems again.")
@_json
@connection_options
@click.pass_context
def verify(
    context: click.Context,
    /,
    file: Path,
    sample: int | None,
    *,
    against_api: bool,
    reindex: bool,
    as_json: bool,
    **given: Given,
) -> None:
    """Check FILE for damage. Each line has kind, thread and what to do.

    The exit code is 0 without damage, else 1.
    """
    from chatkit_tui.sources.archive.verify import verify as find_damage

    if sample and not against_api:
        raise click.UsageError("--sample belongs to --against-api.")
    connection = _connect_to_source(given) if against_api else None
    if reindex:
        _reindex(file)
    found: list[Damage] = []
    for damage in find_damage(file):
        found.append(damage)
        if not as_json:
            _write_damage(damage)
    compared: dict[str, object] | None = None
    if connection is not None:
        from chatkit_tui.cli.archive_sync import compare_with_source

        compared, more = compare_with_source(
            connection, file, origin_of(connection.settings), sample
        )
        found += more
        if not as_json:
            for damage in more:
                _write_damage(damage)
            removed = compared["removed"]
            left_out = f"; {removed:,} were removed from the archive" if removed else ""
            report(
                f"{compared['compared']:,} of {compared['threads']:,} threads compared{left_out}."
            )
    if as_json:
        value = {
            "file": str(file),
            "damage": [damage._asdict() for damage in found],
            "compared": compared,
        }
        write_object(value)
    elif not found:
        write("no damage\n")
    context.exit(FAILED if found else DONE)


def _reindex(file: Path) -> None:
    from chatkit_tui.sources.archive.reader import ArchiveReader
    from chatkit_tui.sources.archive.schema import DAMAGE, unwritable
    from chatkit_tui.sources.archive.writer import ArchiveWriter

    with ArchiveReader(file) as reader:
        origin = reader.origin()
    writer = ArchiveWriter.open(file, origin)
    try:
        try:
            writer.reindex()
        finally:
            writer.close()
    except DAMAGE as error:
        raise unwritable(file, error) from None


def _write_damage(damage: Damage) -> None:
    cells = (damage.kind, damage.thread_id or "-", damage.detail, damage.advice)
    write("\t".join(map(exact_cell, cells)) + "\n")


# -- remove and copy -------------------------------------------------------------------------------


@archive.command()
@_file
@click.argument("ids", metavar="ID…", nargs=-1)
@exact_option
@click.option(
    "--user", callback=user_name(), metavar="NAME", help="All threads of this user in FILE."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def remove(
    context: click.Context,
    /,
    file: Path,
    ids: Sequence[str],
    user: str | None,
    *,
    exact: bool,
    yes: bool,
) -> None:
    """Erase threads from FILE for good.

    Later syncs do not bring them back. `-` reads ids from standard input, one per
    line. The source is not contacted: to delete the threads there, use `threads delete`.
    """
    from chatkit_tui.cli.question import open_terminal
    from chatkit_tui.sources.archive.reader import ArchiveReader
    from chatkit_tui.storage.sqlite import has_log

    if bool(ids) == (user is not None):
        raise click.UsageError("Give either ids or --user.")
    with ArchiveReader(file) as reader:
        origin = reader.origin()
        wanted, from_input = reader.threads_of(user or ""), False
        if ids:
            given = read_ids(ids, exact=exact, controls=True)
            reject_items(given, "archive remove")
            wanted, from_input = given.ids, given.from_input
    if not wanted:
        report("no threads to remove")
        # An earlier removal may not be in the file yet.
        is_settled = not has_log(file) or _erase(file, origin, ())[1]
        context.exit(NOT_FOUND if is_settled else FAILED)
    if not yes:
        with open_terminal(input_is_read=from_input) as terminal:
            for identifier in wanted:
                terminal.write(exact_cell(identifier))
            if not terminal.confirm(
                f"Erase {counted(len(wanted), 'thread')} from {file} for good?"
            ):
                context.exit(FAILED)
    erased, is_settled = _erase(file, origin, wanted)
    for identifier in wanted:
        result = "removed" if identifier in erased else "not in the archive"
        write(f"{exact_cell(identifier)}\t{result}\n")
    if not is_settled:
        context.exit(FAILED)
    context.exit(DONE if erased else NOT_FOUND)


def _erase(file: Path, origin: Origin, thread_ids: Sequence[str]) -> tuple[set[str], bool]:
    """Erase threads, and return those that were there and whether nothing of them is left."""
    from chatkit_tui.sources.archive.schema import DAMAGE, unwritable
    from chatkit_tui.sources.archive.writer import ArchiveWriter

    writer = ArchiveWriter.open(file, origin)
    is_settled = False
    try:
        try:
            erased = set(writer.remove(thread_ids))
            if erased:
                writer.vacuum()
        finally:
            is_settled = writer.close()
    except DAMAGE as error:
        raise unwritable(file, error) from None
    if not is_settled:
        report(
            f"{file} is being read by another program, so what was removed is still in it or in its"
            " -wal file. When that program has ended, run this command again or archive sync:"
            " either erases it."
        )
    return erased, is_settled


@archive.command()
@_file
@click.argument("new", metavar="NEW", type=click.Path(dir_okay=False, path_type=Path))
def copy(file: Path, new: Path) -> None:
    """Copy FILE to NEW, also while a sync writes FILE."""
    from chatkit_tui.sources.archive.reader import ArchiveReader

    with ArchiveReader(file) as reader:
        reader.copy_to(new)
