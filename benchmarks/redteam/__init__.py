"""Attempts to make forewarn judge persons and opinions, and how many of them the charter refuses."""
