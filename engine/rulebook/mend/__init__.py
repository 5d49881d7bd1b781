"""Rule files changed for their authors: what is certain mended, a rule's status raised."""
