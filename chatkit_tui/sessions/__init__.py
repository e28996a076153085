"""Sessions: the fields of a new one, and those that were created from here."""
