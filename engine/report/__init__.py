"""What leaders read: the daily hand-over, the weekly assessment, the monthly analysis. Pure.

    figures      what was gathered, as it was known then: every number that a report says
    ratio        how two counts compare, with the interval
    document     what a report is made of: sections of sentences, tables and pictures, in every language
    reported     counts of days, of those that were seen
    brief        the sentences of a report, from its figures
    page         it as one page of HTML that loads nothing
    word         it as a Word document; in Chinese in the official form
    exchange     it as JSON, with its schema

`engine.cycle.reporting` gathers the figures from the store and keeps what was made.
"""
