"""An e-mail as people see it: the message as HTML that old programs show too, with its chart."""
