"""Tests of flags, environment and configuration file."""
