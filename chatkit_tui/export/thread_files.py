"""The files of one exported thread."""

from __future__ import annotations

from pathlib import Path

from chatkit_tui.export.exported_thread import ExportedThread
from chatkit_tui.export.formats import ExportFormat
from chatkit_tui.render import RenderContext
from chatkit_tui.storage.new_file import write_new_file


def write_thread(
    exported: ExportedThread,
    kind: ExportFormat,
    context: RenderContext,
    path: Path,
    *,
    replace: bool,
) -> None:
    """Write a thread to a file, and to files beside it where the format splits it.

    All or none of the files exist afterwards. Raise `FileExistsError` if a name is taken, unless
    `replace`, and `OSError`. May be called in a thread.
    """
    if path.suffix != f".{kind}":
        write_new_file(path, kind.pieces(exported, context), replace=replace)
        return
    written: list[Path] = []
    try:
        for name, pieces in kind.files(exported, context, path.stem):
            write_new_file(path.with_name(name), pieces, replace=replace)
            written.append(path.with_name(name))
    except BaseException:
        if not replace:
            for file in written:
                file.unlink(missing_ok=True)
        raise
