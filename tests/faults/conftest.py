"""Commands run as people run them."""

from tests.cli.conftest import chatkit

__all__ = ["chatkit"]
