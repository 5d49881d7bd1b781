"""What sources are read with: addresses, the wire, packing, archives, workbooks, markup; all in bounds."""
