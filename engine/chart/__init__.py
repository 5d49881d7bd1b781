"""Charts: one specification of shapes, drawn as SVG for pages and as PNG for mails and documents."""
