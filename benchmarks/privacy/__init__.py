"""What the privacy guard lets through and what it masks in vain, measured on generated and on real words."""
