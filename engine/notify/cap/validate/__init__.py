"""Is this a good CAP message: its form (schema), its sense (checks), its signature, the feed it is in."""
