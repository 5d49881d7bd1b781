"""Folders that run at once, for whoever begins: what `forewarn init` writes."""
