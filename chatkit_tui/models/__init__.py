"""What the wire carries, as values that keep the JSON they came from.

Nothing here refuses an answer for being of another dialect: unknown types are values
(`UnknownItem`, `UnknownPart`), fields that do not fit are set aside as `problems`.
"""
