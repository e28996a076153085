"""`chatkit-tui man`: the man page, made from the declared commands, options and settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from chatkit_tui import __version__
from chatkit_tui.cli.examples import EXAMPLES
from chatkit_tui.cli.help import ExampleCommand, command_name
from chatkit_tui.cli.output import write


@click.command(cls=ExampleCommand)
@click.pass_context
def man(context: click.Context, /) -> None:
    """Print the man page, for `man -l -` or a folder of man pages."""
    root = context.find_root()
    program = root.command
    with click.Context(program, info_name=root.info_name) as top:
        write("\n".join(_page(top)) + "\n")


def _page(top: click.Context) -> Iterator[str]:
    yield f'.TH CHATKIT\\-TUI 1 "" "chatkit\\-tui {__version__}" "User Commands"'
    yield ".SH NAME"
    summary = top.command.get_short_help_str(limit=200).rstrip(".")
    yield rf"chatkit\-tui \- {escape(summary[:1].lower() + summary[1:])}"
    yield ".SH SYNOPSIS"
    yield f".B {escape(top.command_path)}"
    yield escape(" ".join(top.command.collect_usage_pieces(top)))
    yield ".SH DESCRIPTION"
    yield from _paragraphs(top.command)
    yield ".SH OPTIONS"
    yield from _options(top)
    yield ".SH COMMANDS"
    for context in _commands(top):
        yield f'.SS "{escape(command_name(context))} {escape(_usage(context))}"'
        yield from _paragraphs(context.command)
        yield from _options(context)
        yield from _examples(context)
    yield ".SH EXAMPLES"
    yield from _examples(top)
    yield ".SH KEYS"
    yield from _keys()
    yield ".SH ENVIRONMENT"
    yield from _environment()


def _usage(context: click.Context) -> str:
    return " ".join(context.command.collect_usage_pieces(context))


def _commands(context: click.Context) -> Iterator[click.Context]:
    """Yield the contexts of the commands that are not groups, in the order of the help."""
    command = context.command
    if not isinstance(command, click.Group):
        yield context
        return
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        if found is not None and not found.hidden:
            yield from _commands(click.Context(found, parent=context, info_name=name))


def _paragraphs(command: click.Command) -> Iterator[str]:
    text = (command.help or "").replace("\b\n", "")
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
        if number:
            yield ".PP"
        yield escape(" ".join(paragraph.split()))


def _options(context: click.Context) -> Iterator[str]:
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            names, text = record
            yield ".TP"
            yield f".B {escape(names)}"
            yield escape(text)


def _examples(context: click.Context) -> Iterator[str]:
    for purpose, line in EXAMPLES.get(command_name(context), ()):
        yield from (".PP", escape(purpose), ".PP", ".RS", ".nf", escape(line), ".fi", ".RE")


def _keys() -> Iterator[str]:
    from chatkit_tui.commands.commands import COMMANDS
    from chatkit_tui.commands.keymap import Keymap

    keymap = Keymap()
    for command in COMMANDS:
        keys = ", ".join(keymap.of(command)) or "palette"
        yield from (".TP", f".B {escape(keys)}", f"{escape(command.id)}: {escape(command.help)}")


def _environment() -> Iterator[str]:
    from chatkit_tui.config.schema import SETTINGS

    variables = [
        ("OPENAI_API_KEY", "The API key."),
        ("CHATKIT_TUI_TOKEN", "The token for the self-hosted server of the start."),
        ("PGPASSWORD", "The password of the PostgreSQL database of the start."),
        ("CHATKIT_TUI_CONFIG", "Another configuration file."),
        *(
            (setting.variable, f"The setting {setting.name}, {setting.expected}.")
            for setting in SETTINGS
            if setting.variable
        ),
    ]
    for name, text in variables:
        yield from (".TP", f".B {name}", escape(text))


def escape(text: str) -> str:
    """Return text as roff input that is shown as it is."""
    shown = (
        text.replace("…", "...").replace("\\", r"\(rs").replace("-", r"\-").replace('"', r"\(dq")
    )
    shown = "".join(char if char.isascii() else f"\\[u{ord(char):04X}]" for char in shown)
    return rf"\&{shown}" if shown.startswith((".", "'")) else shown
