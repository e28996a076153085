"""Export the open thread, or the chosen ones, to a folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chatkit_tui.errors import ChatKitError, error_line
from chatkit_tui.storage.opening import open_in_thread
from chatkit_tui.text.plain import counted, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.actions import ActionHost, chosen_threads
from chatkit_tui.ui.actions.background_run import BackgroundRun

if TYPE_CHECKING:
    from chatkit_tui.export.formats import ExportFormat
    from chatkit_tui.export.report import ExportReport

_REMEMBERED: Final = "export"
"""The name of the last choice among what is remembered."""


class ExportActions:
    """Asks for a format and a folder, and exports in the background."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self._report: ExportReport | None = None
        self._count = 0
        """How many threads are exported."""
        self.run = BackgroundRun(host, "export")

    @property
    def work(self) -> str:
        """How far an export that runs is; empty without one."""
        if self._report is None or not self.run.is_on:
            return ""
        items = counted(self._report.items, "item")
        return f"export: {self._report.done:,} of {counted(self._count, 'thread')}, {items}"

    def action_export(self) -> None:
        """Ask for the format and the folder."""
        from chatkit_tui.ui.screens.export_menu import export_menu

        if self.run.is_on:
            self._host.status.report("export: one is running already")
            return
        ids = [row.id for row in chosen_threads(self._host)]
        kind, folder = _last_choice()
        menu = export_menu(len(ids), kind, folder, self._host.keys)
        self._host.app.push_screen(menu, partial(self._begin, ids))

    def action_stop_export(self) -> None:
        """Stop the export; what is written stays, and the next one continues from there."""
        if self._report is not None and self.run.stop():
            done = counted(self._report.exported, "thread")
            self._host.status.report(
                f"stopped: {done} exported; the same export continues from there"
            )

    def _begin(self, ids: Sequence[str], answer: tuple[ExportFormat, str] | None) -> None:
        if answer is None or not ids:
            return
        kind, text = answer
        from chatkit_tui.export.report import ExportReport

        self._report, self._count = ExportReport(), len(ids)
        self.run.start(partial(self._run, ids, kind, text, self._report))

    async def _run(
        self, ids: Sequence[str], kind: ExportFormat, text: str, report: ExportReport
    ) -> None:
        host = self._host
        showing = asyncio.create_task(self._show())
        try:
            folder = await asyncio.to_thread(_absolute, text)
            note = await self._export(ids, kind, folder, report)
        except ChatKitError as error:
            host.status.report(sanitize(f"export: {error_line(error)}"), bad=True)
        except OSError as error:
            host.status.report(sanitize(f"export: {text}: {error.strerror}"), bad=True)
        else:
            is_bad = bool(report.failed or report.incomplete)
            host.status.report(sanitize(_result(report, kind, folder, note)), bad=is_bad)
        finally:
            showing.cancel()

    async def _show(self) -> None:
        while True:
            self._host.update_lines()
            await asyncio.sleep(self.run.interval)

    async def _export(
        self, ids: Sequence[str], kind: ExportFormat, folder: Path, report: ExportReport
    ) -> str:
        """Export, and return what to say if the choice cannot be remembered."""
        from chatkit_tui.export.folder_export import FolderExport
        from chatkit_tui.render import RenderContext

        options = self._host.options
        context = RenderContext(options.clock(), options.zone, relative=False, plain=options.plain)
        mask = options.mask
        source = await self._host.get_source()
        opening = partial(
            FolderExport,
            *(source, folder, kind, context, report),
            redactor=mask.redactor if mask else None,
            now=options.clock,
        )
        export = await open_in_thread(opening, FolderExport.close)
        with export:
            # Before the export, so that one that is stopped or fails can be continued.
            note = await asyncio.to_thread(self._remember, kind, folder)
            await export.run(_each(ids))
        return note

    def _remember(self, kind: ExportFormat, folder: Path) -> str:
        remember = self._host.options.remember
        value = {"format": str(kind), "folder": str(folder)}
        return remember(_REMEMBERED, value) if remember is not None else ""


async def _each(ids: Sequence[str]) -> AsyncIterator[str]:
    for thread_id in ids:
        yield thread_id


def _absolute(text: str) -> Path:
    """Return a folder as the user typed it; `~` is the home folder. Raise `OSError`."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:  # no such user
        raise OSError(0, str(error)) from None


def _last_choice() -> tuple[str, str]:
    """Return the format and the folder of the last export; empty without one."""
    from chatkit_tui.storage.remembered import read_remembered, state_path

    value = read_remembered(state_path()).values.get(_REMEMBERED)
    found = value if isinstance(value, dict) else {}
    kind, folder = (found.get(name) for name in ("format", "folder"))
    return (kind if isinstance(kind, str) else "", folder if isinstance(folder, str) else "")


def _result(report: ExportReport, kind: ExportFormat, folder: Path, note: str) -> str:
    """Return the result of an export, in one line. Untrusted."""
    parts = [f"{counted(report.exported, 'thread')} exported as {kind.words}"]
    if report.already_done:
        parts.append(f"{report.already_done:,} exported before and left alone")
    for name, found in (("incomplete", report.incomplete), ("failed", report.failed)):
        if found:
            parts.append(f"{len(found):,} {name}: {next(iter(found.values()))}")
    return ui_text("; ".join([*parts, *filter(None, [note]), f"in {folder}"]))
