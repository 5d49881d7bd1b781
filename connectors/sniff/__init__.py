"""What an unknown file is: by which connector and with which options it can be read."""
