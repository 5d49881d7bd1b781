"""Rules lived through before they count: the tests beside them, what these cover, and where warnings go."""
