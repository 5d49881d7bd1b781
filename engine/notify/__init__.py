"""Changes -> delivered messages: who hears (plan), in which words (message), by which means (deliver)."""
