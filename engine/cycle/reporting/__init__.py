"""Reports: their figures gathered from the store as it knew things then, and what was made kept and sent."""
