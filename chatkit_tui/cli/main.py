"""`chatkit-tui`: the group of commands; without one, the screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

import click

from chatkit_tui import __version__
from chatkit_tui.cli.exit_codes import DONE, flush_or_discard_output, report_end
from chatkit_tui.cli.help import ExampleGroup
from chatkit_tui.cli.options import (
    ARGUMENTS,
    Given,
    connection_options,
    reject_secrets,
    screen_options,
)
from chatkit_tui.cli.output import ReaderGoneError, flush
from chatkit_tui.secrets import remember_environment
from chatkit_tui.terminal.environment import bound_environment

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_COMMANDS = {
    "browse": "chatkit_tui.startup.browse:browse",
    "threads": "chatkit_tui.cli.threads:threads",
    "archive": "chatkit_tui.cli.archive:archive",
    "export": "chatkit_tui.cli.export:export",
    "search": "chatkit_tui.cli.search:search",
    "sessions": "chatkit_tui.cli.sessions:sessions",
    "config": "chatkit_tui.cli.config:config",
    "emulator": "chatkit_tui.cli.emulator:emulator_command",
    "completion": "chatkit_tui.cli.completion:completion",
    "man": "chatkit_tui.cli.man:man",
}

_TARGETS = ("cthr_", "cti_", "cthi_", "thr_", "http://", "https://")


class Program(ExampleGroup):
    """A group whose commands are imported when they are used.

    An id or an address in place of a command opens the screen there.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 # click's
        return list(_COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 # click's
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101 # it is in the table above
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the commands without importing them."""
        from click.shell_completion import CompletionItem

        names = [name for name in _COMMANDS if name.startswith(incomplete)]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*map(CompletionItem, names), *options]

    def invoke(self, ctx: click.Context) -> object:
        try:
            result: object = super().invoke(ctx)
            flush()
        except BrokenPipeError:
            # click would exit with a different code.
            raise ReaderGoneError from None
        return result

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        remember_environment(os.environ)
        reject_secrets(args)
        ctx.meta[ARGUMENTS] = [*args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in _COMMANDS or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        from chatkit_tui.models.references import strip_id

        if strip_id(args[0]).startswith(_TARGETS):
            return "browse", self.get_command(ctx, "browse"), args
        from difflib import get_close_matches

        close = get_close_matches(args[0], _COMMANDS, n=1)
        hint = (
            f"Did you mean `{close[0]}`?"
            if close
            else f"To open an id in another form: `{ctx.command_path} browse {args[0]}`."
        )
        raise click.UsageError(f"`{args[0]}` is neither a command nor an id. {hint}", ctx)


@click.command(
    cls=Program,
    invoke_without_command=True,
    subcommand_metavar="[ID | URL | COMMAND …]",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@connection_options
@screen_options
@click.version_option(__version__, message="chatkit-tui %(version)s")
@click.pass_context
def program(context: click.Context, /, **given: Given) -> object:
    """Read, search and delete ChatKit conversations in a terminal.

    Without a command, open the screen, on a thread if its ID or URL is given. Options can precede
    or follow a command.

    The API key comes from OPENAI_API_KEY or from a profile of the configuration file. --demo needs
    no key. The token for --server comes from CHATKIT_TUI_TOKEN or a profile.

    Exit codes: 0 success, 1 failure, 2 wrong usage, 3 not authorized, 4 not found,
    130 interrupted.
    """
    context.obj = given
    if context.invoked_subcommand is None:
        command = program.get_command(context, "browse")
        assert command is not None  # noqa: S101 # it is in the table above
        with command.make_context("browse", [], parent=context) as inner:
            return command.invoke(inner)
    return None


def run(arguments: Sequence[str]) -> int:
    """Run a command line, and return the exit code. Errors are reported on standard error."""
    _never_fail_to_encode()
    bound_environment(os.environ)
    try:
        result = program.main(list(arguments), prog_name="chatkit-tui", standalone_mode=False)
        code = result if isinstance(result, int) else DONE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 # the last resort
        code = report_end(error)
    except SystemExit:  # raised by click if the reader of its help closed the output
        code = DONE
    flush_or_discard_output()
    return code


def _never_fail_to_encode() -> None:
    """Write `\\u2026` to a terminal or in a locale without Unicode."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
