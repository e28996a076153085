"""The search language and what of a conversation is searched, for every kind of source."""
