"""What operators write in the place of the built-in messages."""
