"""What `forewarn detect` reads and offers: series, events and reports from CSV, and the methods by name."""
