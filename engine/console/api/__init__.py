"""The same as the pages show, for programs: JSON under /v1, its own description, and figures for monitors.

    problem   every refusal as problem+json     listing   pages by cursor, ETag
    shapes    what each thing looks like        reading, acting, health   the routes
"""
