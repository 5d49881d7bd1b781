"""Real sets loaded twice, and held against a plain count: see docs/truth.md."""
