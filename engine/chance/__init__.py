"""How likely what a rule says is, learned from what became of what it said before. Pure."""
