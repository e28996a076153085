"""Search the source, and go from hit to hit across threads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.errors import ChatKitError, error_line
from chatkit_tui.sources.base import Hit
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.actions import ActionHost

if TYPE_CHECKING:
    from chatkit_tui.inspection.scan import SearchScan
    from chatkit_tui.ui.screens.search import PagedSearch


class SearchActions:
    """Keeps the hits of the last search and the one that is open."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self._text = ""
        self._search: PagedSearch | SearchScan | None = None
        """The search whose hits the keys go through; `_text` may have been typed after it."""
        self._number = 0
        self._scan: SearchScan | None = None
        """The last search of a source whose threads are read one by one."""

    @property
    def count(self) -> int:
        """The number of hits that the keys go through."""
        return 0 if self._search is None else len(self._search.hits)

    def action_search(self) -> None:
        """Open the search screen."""
        from chatkit_tui.ui.screens.search import SearchScreen

        host = self._host
        screen = SearchScreen(
            host.get_source,
            host.options,
            host.keys,
            text=self._text,
            user=host.threads.user,
            scan=self._scan,
            number=self._number,
        )

        def chosen(number: int | None) -> None:
            self._text, self._scan = screen.text, screen.scan
            if number is not None:
                self._search = screen.scan or screen.found
                self._open(number)

        host.app.push_screen(screen, chosen)

    def action_next_hit(self) -> None:
        """Open the next hit, in its thread."""
        self._open(self._number + 1)

    def action_previous_hit(self) -> None:
        """Open the previous hit, in its thread."""
        self._open(self._number - 1)

    def action_end_search(self) -> None:
        """Forget the hits, so that the keys move between matches of find again."""
        self._search = None
        self._host.transcript.view.finder.clear()

    def action_versions(self) -> None:
        """Show what changed in the open thread."""
        row = self._host.transcript.row
        if row is not None:
            _: Worker[None] = self._host.run_worker(
                partial(self._show_versions, row.id), group="versions", exclusive=True
            )

    async def _show_versions(self, thread_id: str) -> None:
        from chatkit_tui.ui.screens.pages import VersionsScreen

        host = self._host
        try:
            source = await host.get_source()
            versions = await source.versions(thread_id)
        except ChatKitError as error:
            host.status.report(sanitize(error_line(error)), bad=True)
            return
        host.app.push_screen(VersionsScreen(versions, zone=host.options.zone, keys=host.keys))

    def _open(self, number: int) -> None:
        from chatkit_tui.ui.screens.search import PagedSearch

        host, search = self._host, self._search
        if search is not None and 0 <= number < len(search.hits):
            work = partial(self._show, search, self._go_to(search, number))
        elif number > 0 and isinstance(search, PagedSearch) and not search.has_ended:
            work = partial(self._load_next, search)
        else:
            host.status.report(self._no_hit(number))
            return
        _: Worker[None] = host.run_worker(work, group="hit", exclusive=True)

    def _go_to(self, search: PagedSearch | SearchScan, number: int) -> Hit:
        """Make a hit the current one, and return it."""
        self._number = number
        count = f"{len(search.hits):,}{'' if search.has_ended else '+'}"
        self._host.status.report(sanitize(f"hit {number + 1:,} of {count}: {search.wanted.text}"))
        return search.hits[number]

    def _no_hit(self, number: int) -> str:
        if number < 0:
            return "this is the newest hit"
        if self._search is self._scan and self._scan is not None and not self._scan.has_ended:
            return f"no further hits so far: {self._host.keys.first_name('search')} reads on"
        return "no further hits"

    async def _load_next(self, search: PagedSearch) -> None:
        """Load the hits after the last one, and open the first of them."""
        number = len(search.hits)
        try:
            await search.load(await self._host.get_source())
        except ChatKitError as error:
            self._host.status.report(sanitize(error_line(error)), bad=True)
            return
        if number < len(search.hits):
            await self._show(search, self._go_to(search, number))
        else:
            self._host.status.report(self._no_hit(number))

    async def _show(self, search: PagedSearch | SearchScan, hit: Hit) -> None:
        """Open the thread of a hit at its item, with the words marked."""
        from chatkit_tui.models.threads import read_thread
        from chatkit_tui.search.query import Query

        host = self._host
        try:
            source = await host.get_source()
            row = host.threads.update(read_thread(await source.get_thread(hit.thread_id)))
        except ChatKitError as error:
            host.status.report(sanitize(error_line(error)), bad=True)
            return
        host.threads.go_to(row.id)
        open_row = host.transcript.row
        if open_row is None or open_row.id != row.id:
            host.open_thread(row)
        else:
            host.go_to_pane(Pane.TRANSCRIPT)
        if hit.item_id:
            host.transcript.seek(hit.item_id, Query(search.wanted.text) if hit.matches else None)
