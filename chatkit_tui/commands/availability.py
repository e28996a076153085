"""When a command does not work, and why, in a few words.

Each rule looks at the scene alone and gives None when the command works.
"""

from __future__ import annotations

from chatkit_tui.commands.command_context import CommandContext, Pane

TWO_PANES_FROM = 100
"""The width, in columns, from which threads and transcript stand side by side."""


def always(scene: CommandContext) -> str | None:
    """The rule of what always works."""
    del scene
    return None


def no_threads(scene: CommandContext) -> str | None:
    """Needs a thread in the list."""
    return None if scene.threads else "no threads are shown"


def no_thread_with_id(scene: CommandContext) -> str | None:
    """Needs a thread in the list that the server can be asked for."""
    return no_threads(scene) or ("it came without an id" if scene.without_id else None)


def nothing_to_move_in(scene: CommandContext) -> str | None:
    """Needs a thread or an item in the pane that has the keys."""
    if scene.where is Pane.THREADS:
        return no_threads(scene)
    return no_items(scene)


def no_thread_open(scene: CommandContext) -> str | None:
    """Needs an open thread."""
    return None if scene.thread_id else "no thread is open"


def no_items(scene: CommandContext) -> str | None:
    """Needs a loaded item."""
    return no_thread_open(scene) or (None if scene.items else "no items are loaded")


def nothing_found(scene: CommandContext) -> str | None:
    """Needs a match."""
    if scene.found is None:
        return f"nothing is searched for: {scene.search_key} searches"
    return None if scene.found else "nothing matches"


def no_marks(scene: CommandContext) -> str | None:
    """Needs a marked thread."""
    return None if scene.marks else "nothing is marked"


def nothing_runs(scene: CommandContext) -> str | None:
    """Needs something under way."""
    return None if scene.working else "nothing is under way"


def nothing_failed(scene: CommandContext) -> str | None:
    """Needs something that failed."""
    return None if scene.trouble else "nothing failed"


def not_filtered(scene: CommandContext) -> str | None:
    """Needs a filtered list."""
    return None if scene.filtered else "the list is not filtered"


def nobody_searches(scene: CommandContext) -> str | None:
    """Needs a search."""
    return None if scene.found is not None else "nothing is searched for"


def one_pane_anyway(scene: CommandContext) -> str | None:
    """Needs room for two panes."""
    if scene.columns >= TWO_PANES_FROM:
        return None
    return f"the panes stand side by side from {TWO_PANES_FROM} columns"


def nothing_to_delete(scene: CommandContext) -> str | None:
    """Needs a marked thread, else one that the keys are about."""
    if scene.marks:
        return None
    return no_thread_with_id(scene) if scene.where is Pane.THREADS else no_thread_open(scene)
