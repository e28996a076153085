"""Flags, environment and configuration file, resolved to settings."""
