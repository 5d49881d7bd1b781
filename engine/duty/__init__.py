"""What people do once a warning is called: who is on duty, what is asked of whom, by when. Pure."""
