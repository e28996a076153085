"""Why a command is not available: each rule returns a few words, or None if it is available."""

from __future__ import annotations

from chatkit_tui.commands.command_context import CommandContext, Pane

TWO_PANES_FROM = 100
"""The width in columns from which both panes fit side by side."""


def always(context: CommandContext) -> str | None:
    del context
    return None


def no_threads(context: CommandContext) -> str | None:
    return None if context.threads else "no threads are shown"


def no_thread_with_id(context: CommandContext) -> str | None:
    return no_threads(context) or ("it came without an id" if context.without_id else None)


def nothing_to_move_in(context: CommandContext) -> str | None:
    if context.where is Pane.THREADS:
        return no_threads(context)
    return no_items(context) if context.where is Pane.TRANSCRIPT else None


def no_thread_open(context: CommandContext) -> str | None:
    return None if context.thread_id else "no thread is open"


def no_items(context: CommandContext) -> str | None:
    return no_thread_open(context) or (None if context.items else "no items are loaded")


def nothing_found(context: CommandContext) -> str | None:
    if context.found is None:
        return f"there is no search: {context.search_key} searches"
    return None if context.found else "nothing matches"


def no_hits(context: CommandContext) -> str | None:
    return None if context.hits else "there are no hits of a search"


def no_search(context: CommandContext) -> str | None:
    return None if context.found is not None else "there is no search"


def no_marks(context: CommandContext) -> str | None:
    return None if context.marks else "nothing is marked"


def nothing_runs(context: CommandContext) -> str | None:
    return None if context.working else "nothing is loading"


def nothing_unread(context: CommandContext) -> str | None:
    return None if context.unread else "no threads are left to read"


def nothing_failed(context: CommandContext) -> str | None:
    return None if context.trouble else "nothing failed"


def not_filtered(context: CommandContext) -> str | None:
    return None if context.filtered else "the list is not filtered"


def too_narrow(context: CommandContext) -> str | None:
    if context.columns >= TWO_PANES_FROM:
        return None
    return f"both panes fit from {TWO_PANES_FROM} columns"


def nothing_to_delete(context: CommandContext) -> str | None:
    if context.where is Pane.TRANSCRIPT:
        return no_thread_open(context)
    return None if context.marks else no_thread_with_id(context)


def no_rows(context: CommandContext) -> str | None:
    return None if context.rows else "the list is empty"


def no_secret(context: CommandContext) -> str | None:
    return None if context.secret else "there is no secret"


def no_session(context: CommandContext) -> str | None:
    return None if context.cancellable else "there is no session to cancel"
