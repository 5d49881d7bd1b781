"""What whoever has no account may reach: the page behind a signed link. Its own door, its own port."""
