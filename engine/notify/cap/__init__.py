"""CAP 1.2, the world's format for public warnings: messages checked, and messages of our own."""

from __future__ import annotations

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
