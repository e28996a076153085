"""Requests over HTTP: connections, retries, limits and errors."""

import sys

if "httpx" not in sys.modules:
    # With Rich and click installed, `import httpx` imports its command line, a third of the time.
    # None in `sys.modules` makes that import fail, for which httpx allows.
    sys.modules["httpx._main"] = None  # type: ignore[assignment] # documented by Python
    try:
        from chatkit_tui.sources.http import endpoint  # noqa: F401 - the first to import httpx
    except ImportError:  # httpx needs it after all; the imports below say what is missing
        pass
    finally:
        del sys.modules["httpx._main"]
