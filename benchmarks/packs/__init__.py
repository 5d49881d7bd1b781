"""What the packs' rules would have warned of on real sets: `make packs`, into docs/packs.md."""
