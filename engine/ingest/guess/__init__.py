"""A first mapping for a source nobody has mapped yet: proposals, each with what it was seen by."""
