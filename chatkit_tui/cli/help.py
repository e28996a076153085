"""Commands whose `--help` ends with examples."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable

import click

_WIDEST = 80
_NARROWEST = 20
"""Columns of the lines of help."""
_INDENT = "  "
_CONTINUED = " \\"


class _Formatter(click.HelpFormatter):
    """Writes help for windows narrower than click's least of 50 columns, too."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        if width is None:
            columns = shutil.get_terminal_size().columns
            width = max(min(columns, max_width or _WIDEST) - 2, _NARROWEST)
        super().__init__(indent_increment, width)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write options or commands; in a narrow window the text has half of it."""
        super().write_dl([*rows], min(col_max, self.width // 2), col_spacing)


class _Context(click.Context):
    formatter_class = _Formatter


class ExampleCommand(click.Command):
    """A command with examples."""

    context_class = _Context

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples of the command."""
        write_examples(ctx, formatter)


class ExampleGroup(click.Group):
    """A group with examples, whose commands have some, too."""

    command_class = ExampleCommand
    context_class = _Context

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples of the group."""
        write_examples(ctx, formatter)


def command_name(context: click.Context) -> str:
    """Return the path of a command without the program, as in `threads list`."""
    names = []
    while context.parent is not None:
        names.append(context.info_name or "")
        context = context.parent
    return " ".join(reversed(names))


def write_examples(context: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the examples of a command, which remain valid shell commands in a narrow window."""
    from chatkit_tui.cli.examples import EXAMPLES

    examples = EXAMPLES.get(command_name(context), ())
    if examples:
        formatter.write_paragraph()
        formatter.write("Examples:\n")
    for purpose, line in examples:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(purpose)
        for part in folded(line, formatter.width - 2 * len(_INDENT)):
            formatter.write(f"{2 * _INDENT}{part}\n")


def folded(line: str, width: int) -> list[str]:
    """Fold a shell command between its words; a line that goes on ends with a backslash.

    A word that is wider than `width` has a line of its own.
    """
    lines = [""]
    for word in re.findall(r"""(?:'[^']*'|"[^"]*"|[^\s'"])+""", line):
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and len(longer) > width - len(_CONTINUED):
            lines[-1] += _CONTINUED
            lines.append(f"{_INDENT}{word}")
        else:
            lines[-1] = longer if len(lines) == 1 else f"{lines[-1]} {word}"
    return lines
