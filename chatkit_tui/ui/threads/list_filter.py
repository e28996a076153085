"""The filter of the list as the user set it, and the users that were seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.text.sanitize import sanitize

if TYPE_CHECKING:
    from chatkit_tui.search.thread_filter import ThreadFilter
    from chatkit_tui.ui.threads.line import Setting
    from chatkit_tui.ui.threads.list import ThreadList
    from chatkit_tui.ui.threads.rows import ThreadRows


class ListFilter:
    """What the loaded threads are filtered by."""

    def __init__(self, saved: Mapping[str, str], threads: ThreadList) -> None:
        self.saved = saved
        """The saved filters by name."""
        self._threads = threads
        self.text = ""
        self.wanted: ThreadFilter | None = None
        """None if all threads are shown."""

    def set(self, text: str, setting: Setting) -> None:
        """Set the text, which may be empty."""
        # Many users set no filter.
        from chatkit_tui.predicates.predicate import Predicate
        from chatkit_tui.search.thread_filter import ThreadFilter

        self.text = text
        self.wanted = None
        if text:
            self.wanted = ThreadFilter(
                text,
                now=setting.now,
                zone=setting.shown_zone,
                saved=self.saved,
                predicates=[*Predicate],
                found=self._threads.findings.of,
                note_of=self._threads.note_of,
            )

    @property
    def problem(self) -> str:
        """What is invalid in the text, in a few words; empty if nothing is."""
        return self.wanted.problem if self.wanted else ""

    @property
    def remark(self) -> str:
        """What the user may not mean, in a few words; empty if all is clear."""
        name = self.wanted.unknown_name if self.wanted else ""
        return f"no saved filter {sanitize(name)}, so it is text" if name else ""

    @property
    def predicates(self) -> Collection[str]:
        """The problems that the filter asks for, which scans find."""
        return self.wanted.predicates if self.wanted else ()

    @property
    def since(self) -> int | None:
        """The time that the filter begins with, in Unix seconds, or None."""
        return self.wanted.since if self.wanted else None

    def doubts(self, rows: ThreadRows, keys: Keymap) -> str:
        """Return what may be shown wrongly, to follow the number of threads; empty if nothing."""
        remark = f"; {self.remark}" if self.remark else ""
        return remark + self._unread_words(rows, keys)

    def _unread_words(self, rows: ThreadRows, keys: Keymap) -> str:
        """Return of how many threads the filter cannot know; empty if of none."""
        if self.wanted is None or not rows.undecided:
            return ""
        names = " ".join(f"is:{predicate}" for predicate in self.wanted.predicates)
        scan = f": {keys.first_name('scan')} scans them"
        return f"; {len(rows.undecided):,} not read for {names}{scan}"


class SeenUsers:
    """The users of the threads that were in a list."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def look_at(self, rows: ThreadRows) -> None:
        """Add the users of some threads."""
        for index in range(len(rows)):
            if (row := rows.get(index)) and row.user:
                self._names[row.user] = None

    @property
    def names(self) -> list[str]:
        return list(self._names)

    def nearest(self, name: str) -> str | None:
        """Return the seen name that is most like another one; None if none is like it."""
        from difflib import get_close_matches

        wanted = name.casefold()
        folded = {seen.casefold(): seen for seen in self._names if seen != name}
        if wanted in folded:
            return folded[wanted]
        if beginning := [seen for seen in folded if seen.startswith(wanted)]:
            return folded[min(beginning, key=len)]
        found = get_close_matches(wanted, folded, n=1)
        return folded[found[0]] if found else None
