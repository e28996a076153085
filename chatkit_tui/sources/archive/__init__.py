"""Archive files: copies of conversations, to be read and searched without a network.

`ArchiveReader` reads one from Python; its docstring has an example. `source` makes it a source of
threads for the program, and `writer` fills it.
"""

from chatkit_tui.sources.archive.reader import ArchiveInfo, ArchiveReader, Slice
from chatkit_tui.sources.base import Hit, ListQuery, SearchQuery, Version

__all__ = ["ArchiveInfo", "ArchiveReader", "Hit", "ListQuery", "SearchQuery", "Slice", "Version"]
