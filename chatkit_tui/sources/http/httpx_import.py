"""The first import of httpx, without its command line. Imported before what else needs httpx.

Not in the package's `__init__`: the settings use `proxies`, long before the first request.
"""

import sys

if "httpx" not in sys.modules:
    # With Rich and click installed, `import httpx` imports its command line, a third of the time.
    # None in `sys.modules` makes that import fail, for which httpx allows.
    sys.modules["httpx._main"] = None  # type: ignore[assignment] # documented by Python
    try:
        import httpx  # noqa: F401 - for those that import it later
    except ImportError:  # httpx needs it after all; later imports say what is missing
        pass
    finally:
        del sys.modules["httpx._main"]
