"""The help of each command, its examples and the man page."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Iterator

import click
import pytest

from chatkit_tui.cli.examples import EXAMPLES
from chatkit_tui.cli.help import folded
from chatkit_tui.cli.main import program
from chatkit_tui.cli.man import escape
from chatkit_tui.commands.commands import COMMANDS
from tests.cli.conftest import Command


def commands(command: click.Command, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the names of a command and of those below it."""
    yield names
    if isinstance(command, click.Group):
        with click.Context(command) as context:
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                assert found is not None
                yield from commands(found, *names, name)


NAMES = [*commands(program)]


@pytest.mark.parametrize("names", NAMES, ids=" ".join)
def test_the_help_of_every_command_has_examples_at_every_width(
    names: tuple[str, ...], chatkit: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns in (40, 80, 200):
        monkeypatch.setenv("COLUMNS", str(columns))
        shown = chatkit(*names, "--help")
        assert (shown.code, shown.errors) == (0, "")
        assert "\nExamples:\n" in shown.output
        assert "\x1b" not in shown.output
        wide = [line for line in shown.output.splitlines() if len(line) > columns]
        assert not [line for line in wide if len(line.removesuffix("\\").split()) > 1], columns


def test_there_are_no_examples_of_other_commands() -> None:
    assert {" ".join(names) for names in NAMES} == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_accepted_by_its_command(name: str) -> None:
    for _, line in EXAMPLES[name]:
        words = [*shlex.shlex(line, posix=True, punctuation_chars=True)]
        assert words
        if not line.startswith("chatkit-tui"):
            assert "chatkit-tui" in line
            continue
        own = line.partition(" | ")[0].partition(" <")[0].partition(" >")[0]
        parse(program, shlex.split(own)[1:])


def parse(
    command: click.Command, arguments: list[str], parent: click.Context | None = None
) -> None:
    """Parse arguments without running a command. Raise `click.UsageError`."""
    with command.make_context(command.name, [*arguments], parent=parent) as context:
        rest = [*context._protected_args, *context.args]
        if isinstance(command, click.Group) and rest:
            _, found, after = command.resolve_command(context, rest)
            assert found is not None
            parse(found, after, context)


def test_a_folded_example_is_the_same_command() -> None:
    line = "chatkit-tui search a.chatkit '\"two words\"' --kind user | cut -f1"
    for width in range(10, 80):
        assert shlex.split("\n".join(folded(line, width)).replace("\\\n", "")) == shlex.split(line)


def test_the_man_page_names_every_command_option_and_key(chatkit: Command) -> None:
    page = chatkit("man").output
    for names in NAMES:
        command = program
        with click.Context(program) as context:
            for name in names:
                assert isinstance(command, click.Group)
                command = command.get_command(context, name)  # type: ignore[assignment]
            options = [option for each in command.params for option in each.opts if "--" in option]
        for option in options:
            assert escape(option) in page, (names, option)
        assert isinstance(command, click.Group) or escape(" ".join(names)) in page
    for shown in COMMANDS:
        assert f"{escape(shown.id)}: " in page


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_the_man_page_has_no_mistakes(chatkit: Command) -> None:
    page = chatkit("man").raw
    checked = subprocess.run(  # ours
        ["groff", "-man", "-ww", "-Tascii", "-P-cbou"],  # noqa: S607 # any groff
        input=page,
        capture_output=True,
        check=True,
    )
    assert checked.stderr == b""
    assert b"EXAMPLES" in checked.stdout
    assert page.isascii()
