"""httpx, imported without its command line.

Where Rich and click are installed, `import httpx` brings its own command line along, and with it
tables, progress bars and a highlighter: a third of what it takes. httpx does without where that
cannot be imported, and Python takes None in `sys.modules` for that.
"""

from __future__ import annotations

import sys
from typing import Final

_COMMAND_LINE: Final = "httpx._main"


def import_httpx() -> None:
    """Import httpx if nobody did so yet; afterwards `import httpx` costs nothing."""
    if "httpx" in sys.modules:
        return
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment] # the language's word for it
    try:
        import httpx  # noqa: F401 # for those who come after
    except ImportError:  # it does not do without any more: whoever needs it will tell
        pass
    finally:
        sys.modules.pop(_COMMAND_LINE, None)
