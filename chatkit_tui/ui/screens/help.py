"""What every key does, made from the declaration of the commands."""

from __future__ import annotations

from typing import Any

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import COMMANDS, Command, is_allowed
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import DIM, PLAIN, Span
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.width import cells, shorten
from chatkit_tui.text.wrap import break_lines
from chatkit_tui.ui.screens.modal import LinesScreen
from chatkit_tui.ui.styled_lines import KEY, STRONG

KEY_WIDTH = 16
"""Columns for the keys; longer ones push their words to the right."""

IDS = (
    "In parentheses are the ids of the commands, by which [keys] in the configuration file gives "
    "them other keys. `chatkit-tui config keys` lists them."
)
WITH_MOUSE = (
    "A click goes there, the wheel scrolls. To select as in any other program, hold Shift (Option "
    "in some terminals), or start with --no-mouse."
)
WITHOUT_MOUSE = "It is the terminal's, as --no-mouse asked: select with it as in any other program."


def help_lines(context: CommandContext, keys: Keymap, width: int) -> list[list[Span]]:
    """Return all commands in groups, with the reason where one is not available."""
    lines: list[list[Span]] = []
    for group in _groups(context):
        members = [
            command
            for command in COMMANDS
            if command.group == group and is_allowed(command, context)
        ]
        if lines:
            lines.append([])
        lines.append([Span(f" {group}", STRONG)])
        for command in members:
            lines += _entry(command, context, keys, width)
    return lines


def _groups(context: CommandContext) -> list[str]:
    """Return the groups as declared, those of the pane with the focus first."""
    groups = dict.fromkeys(command.group for command in COMMANDS)
    own = {Pane.THREADS: "Threads", Pane.TRANSCRIPT: "Transcript"}.get(context.where)
    return sorted(groups, key=lambda group: group != own)


def _entry(
    command: Command[Any], context: CommandContext, keys: Keymap, width: int
) -> list[list[Span]]:
    names = keys.names(command) or ui_text("–")
    room = max(10, width - KEY_WIDTH - 1)
    head = f"  {names} "
    words = [command.help[a:b] for a, b in break_lines(command.help, room)]
    lines: list[list[Span]] = [[Span(head.ljust(KEY_WIDTH), KEY), Span(words[0])]]
    lines += [[Span(" " * KEY_WIDTH), Span(word, PLAIN)] for word in words[1:]]
    reason = command.why_not(context) if context.where in command.where else None
    for remark in (f"({command.id})", f"not now: {reason}" if reason else ""):
        used = sum(cells(text) for text, _ in lines[-1])
        if remark and used + 2 + cells(remark) < width:
            lines[-1].append(Span(f"  {remark}", DIM))
        elif remark:
            lines.append([Span(" " * KEY_WIDTH), Span(shorten(remark, room), DIM)])
    return lines


class HelpScreen(LinesScreen):
    """Help over the whole screen."""

    def __init__(self, context: CommandContext, keys: Keymap, *, mouse: bool) -> None:
        """`mouse` is whether the program has it."""
        mouse_words = WITH_MOUSE if mouse else WITHOUT_MOUSE
        super().__init__(
            lambda width: [
                *help_lines(context, keys, width),
                *_section("Configuration", IDS, width),
                *_section("Mouse", mouse_words, width),
            ],
            keys,
        )


def _section(title: str, words: str, width: int) -> list[list[Span]]:
    return [
        [],
        [Span(f" {title}", STRONG)],
        *([Span("  " + words[start:end])] for start, end in break_lines(words, width - 3)),
    ]
