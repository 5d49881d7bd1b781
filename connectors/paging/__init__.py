"""A list of records above which a document says more: where its next page is, whether it is whole."""
