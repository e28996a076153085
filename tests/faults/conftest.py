"""Places of the screen that ask for something, and how they are met and left."""

from tests.cli.conftest import chatkit

__all__ = ["chatkit"]
