"""What people look at and act from: pages, live updates and an API over one world.

    app.create(world) -> the application     door, entrance   who comes in, and what no page may do
    scene.read(world) -> Scene               what the pages need of the store, read once per state of it
    sight                                    the part of it that a visitor sees
    desk, waiting, offers, atlas                     PURE: scenes into what a page shows
    deed.perform                             an act of a visitor, by the engine's own functions
    pages/                                   one module and one template a page
    api/                                     the same for programs
    serve.console                            the application on a thread of its own

A page holds no rule of its own: what it says, a function of `cycle/`, `judge/` or `notify/` has said.
"""
