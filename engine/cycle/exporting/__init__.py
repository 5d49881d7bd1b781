"""Exports: what the store holds as flat rows, for sheets and maps.

    rows      warnings, findings, panels and acts as rows; small numbers are not among them
    form      rows as CSV, as a workbook, or as GeoJSON

A count from one to four is people, or one person: it goes out as `<5`, and nothing of a row
tells which it is.
"""
