"""What people look at: pages and live updates over one world, for reading.

    app.create(world) -> the application     door      who comes in, and what no page may do
    scene.read(world) -> Scene               what the pages need of the store, read once per state of it
    past, desk, sentence, atlas              PURE: scenes into what a page shows
    pages/                                   one module and one template a page
    serve.Console                            the application on a thread of its own

A page holds no rule of its own: what it says, a function of `cycle/`, `judge/` or `notify/` has said.
"""
