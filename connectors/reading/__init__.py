"""What several kinds of source are read with: addresses, the wire, packing, markup."""
