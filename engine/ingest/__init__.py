"""Raw records to incidents: mapping, privacy, places, categories; pure, and one bad record stops no other."""
