"""The screen of a source that is read through a mask: its options, and what it shows first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.sources.base import Capability, GetSource, ThreadSource
from chatkit_tui.ui.options import Options

if TYPE_CHECKING:
    from chatkit_tui.export.redaction.mask import Mask, MaskedSource
    from chatkit_tui.ui.screens.browse import BrowseScreen


def masked(get_source: GetSource, mask: Mask) -> GetSource:
    """Return what gets a source through a mask."""
    known: dict[ThreadSource, MaskedSource] = {}

    async def get() -> ThreadSource:
        from chatkit_tui.export.redaction.mask import MaskedSource

        source = await get_source()
        return known.setdefault(source, MaskedSource(source, mask))

    return get


def masked_options(options: Options, mask: Mask) -> Options:
    """Return the options of a screen with a mask; it offers what a masked source offers."""
    from chatkit_tui.export.redaction.mask import offered

    source = mask.info(options.source)
    why_not = {**source.why_not, Capability.SESSIONS: "not while data is masked"}
    return options._replace(
        mask=mask,
        source=source._replace(why_not=why_not),
        project=mask.redactor.text(options.project),
        capabilities=offered(options.capabilities),
    )


def where_to_go_on(
    screen: BrowseScreen, options: Options, before: Mask | None, mask: Mask | None
) -> Options:
    """Return options that open what a screen shows, whose ids were shown through `before`."""

    def renamed(shown: str) -> str:
        real = before.real(shown) if before else shown
        return mask.hide(real) if mask else real

    transcript, user = screen.transcript, screen.threads.user
    thread = transcript.row if screen.where is Pane.TRANSCRIPT else None
    item_id = transcript.view.id_of_cursor() if thread else None
    return options._replace(
        user=renamed(user) if user is not None else None,
        target=renamed(thread.id) if thread else None,
        target_item=renamed(item_id) if item_id else "",
        first_start=False,
        notes=(),
    )
