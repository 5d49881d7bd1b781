"""What sources are read with: addresses, the wire, packing, archives, workbooks, tables; all in bounds."""
