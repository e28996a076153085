"""`chatkit-tui export`: write threads to files."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from chatkit_tui.cli.connection import connect
from chatkit_tui.cli.help import ExampleCommand
from chatkit_tui.cli.id_arguments import exact_option, read_ids, reject_items
from chatkit_tui.cli.options import (
    Given,
    connection_options,
    not_empty,
    plain_option,
    user_name,
)

if TYPE_CHECKING:
    from chatkit_tui.cli.export_run import Target
    from chatkit_tui.export.formats import ExportFormat
    from chatkit_tui.export.redaction.redactor import Redactor

FORMATS: Final = ("md", "html", "json", "jsonl", "txt", "parquet")
_STANDARD_OUTPUT: Final = "-"
_SUFFIX: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}")
"""What makes a name that of a file. A folder may well have a point in its name."""


@click.command(cls=ExampleCommand)
@click.argument("ids", metavar="[ID… | -]", nargs=-1)
@exact_option
@click.option("--user", callback=user_name(), metavar="NAME", help="All threads of this user.")
@click.option("--all", "everything", is_flag=True, help="All threads.")
@click.option(
    "--format",
    "name",
    type=click.Choice(FORMATS),
    metavar="FORMAT",
    help=f"{', '.join(FORMATS)}; default the suffix of FILE, else md.",
)
@click.option(
    "--output",
    required=True,
    metavar="DIR|FILE|-",
    help="Folder for one file per thread, a file, or - for standard output.",
)
@click.option("--force", is_flag=True, help="Export every thread again, and replace files.")
@click.option(
    "--redact", "is_redacted", is_flag=True, help="Replace personal data and keys by tokens."
)
@click.option(
    "--redact-pattern",
    "patterns",
    multiple=True,
    metavar="NAME=REGEX",
    help="With --redact: replace also what matches, by ‹NAME 1›; may be repeated.",
)
@click.option(
    "--region",
    callback=not_empty(),
    metavar="CC",
    help="With --redact: find national phone numbers of a country, as DE.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as a JSON object.")
@plain_option
@connection_options
@click.pass_context
def export(
    context: click.Context,
    /,
    ids: Sequence[str],
    user: str | None,
    name: str | None,
    output: str,
    *,
    exact: bool,
    everything: bool,
    force: bool,
    is_redacted: bool,
    patterns: Sequence[str],
    region: str | None,
    as_json: bool,
    **given: Given,
) -> None:
    """Write threads with all their items to files that only you can read.

    Give ids, `-` to read them from standard input, --user or --all. FILE and - take one thread, or
    several with --format jsonl.

    An export to DIR can be stopped at any time: the next one continues from there. A thread whose
    file is complete is not read again, even if it has changed since; one that failed or was
    incomplete is. Without --force, no other file is replaced. chatkit-export.jsonl in DIR says
    what is done. Each file says when and from where its thread was read, and what is missing.
    --format parquet needs the extra `parquet`: DIR/items has the items of all threads by month.

    --redact replaces e-mail addresses, phone numbers, card numbers, IBANs, IP addresses, API keys
    and bearer tokens everywhere, file names included, by tokens such as ‹email 3›: the same value
    has the same token in one run. Without --region, a phone number counts only with + or 00, or
    after a word for a phone. Names of people and places are not recognized. It needs the extra
    `redact`.

    The exit code is 1 if a thread failed or is incomplete; standard error lists those.
    """
    from chatkit_tui.cli.export_run import ExportRun, Target

    if (bool(ids), user is not None, everything).count(True) != 1:
        raise click.UsageError("Give either ids, --user or --all.")
    target, kind = _target(output, name)
    if kind == "parquet" and target is not Target.FOLDER:
        raise click.UsageError("Parquet is more than one file: give --output a folder.")
    wanted: list[str] | None = None
    if ids:
        read = read_ids(ids, exact=exact)
        reject_items(read, "`export`")
        wanted = read.ids
    if target is not Target.FOLDER and kind != "jsonl" and (wanted is None or len(wanted) > 1):
        raise click.UsageError(
            "A file and standard output take one thread, or several with --format jsonl: give"
            " --output a folder."
        )
    if (patterns or region) and not is_redacted:
        raise click.UsageError("--redact-pattern and --region need --redact.")
    if target is Target.OUTPUT and as_json:
        raise click.UsageError("--json and --output - exclude each other.")
    path = Path(output)
    if target is Target.FILE and path.exists() and not force:
        raise click.UsageError(f"{path} exists: --force replaces it.")
    redactor = _redactor(region, patterns) if is_redacted else None
    connection = connect({**given, "user": user or ""})
    run = ExportRun(
        connection, wanted, target, path, kind, redactor=redactor, force=force, as_json=as_json
    )
    context.exit(run.run())


def _redactor(region: str | None, patterns: Sequence[str]) -> Redactor:
    from chatkit_tui.export.redaction.redactor import redactor

    return redactor(region, patterns)


def _target(output: str, name: str | None) -> tuple[Target, ExportFormat]:
    """Return what `--output` names, and the format."""
    from chatkit_tui.cli.export_run import Target
    from chatkit_tui.export.formats import ExportFormat

    given = ExportFormat(name) if name else None
    path = Path(output)
    if output == _STANDARD_OUTPUT:
        return Target.OUTPUT, given or ExportFormat.MARKDOWN
    of_file = ExportFormat.of_file(path)
    is_folder = path.is_dir() or output.endswith((os.sep, "/"))
    if not is_folder and of_file is None and not path.exists():
        if _SUFFIX.fullmatch(path.suffix):
            raise click.UsageError(
                f"{output} is no file of an export ({', '.join(ExportFormat)}); for a folder:"
                f" {output}/"
            )
        is_folder = True
    if is_folder:
        return Target.FOLDER, given or ExportFormat.MARKDOWN
    return Target.FILE, given or of_file or ExportFormat.MARKDOWN
