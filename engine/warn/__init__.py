"""From outcomes to warnings: counters, reconciling, scores and sentences. Pure."""
