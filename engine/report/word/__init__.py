"""A report as a Word document that people go on writing in: real headings, named styles, tables, captions.

    form         sizes, margins and fonts, in each language; in Chinese those of GB/T 9704
    style        the named styles of a document, made from a form
    mark         what python-docx has no words for: fields, borders, shades, the badge of a grade
    document     a report, block by block

python-docx is the extra `office`, imported when a document is made.
"""
