"""Archive files: conversations that were taken home, to be read and searched without network."""
