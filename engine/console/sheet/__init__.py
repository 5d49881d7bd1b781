"""The page of a form that people in the field fill in: one page, whoever may open it."""
