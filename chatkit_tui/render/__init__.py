"""Models and a width in, lines out: pure functions, no clock but the one that is given, no I/O."""
