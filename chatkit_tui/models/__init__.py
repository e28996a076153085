"""The API's values, each of which keeps the JSON that it came from.

Nothing here refuses an answer for being of another dialect: unknown types are values
(`UnknownItem`, `UnknownPart`), fields that do not fit are set aside as `problems`.
"""
