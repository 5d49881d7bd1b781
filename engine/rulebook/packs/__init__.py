"""Rule packs: versioned folders of rules that a centre takes by name, and tunes without editing them."""
