"""Correlation rules: what several findings and incidents mean together.

Python resolves scope, time, order, counting and absence into three-valued bits; durable_rules
combines them in a child process; the plain reference evaluator always judges the same beside it.
Start with `correlate`.
"""
