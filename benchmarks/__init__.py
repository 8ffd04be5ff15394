"""Figures, each printed as JSON, and the machinery that kills the bot at its seams.

`python -m benchmarks [part …]` measures (`make bench`), `python -m benchmarks.soak` kills (`make soak`). Nothing here is
part of the product: the bot runs as its own process and is reached through the sandbox alone; only what stands in its
database afterwards is read directly.

machine (cores, processes) · databases · town (people, channels) → candidates (the bot and a bare Bolt app) → captures,
acks, visible, footprint (the parts) → __main__. `crash/` is shared by the soak and tests/crash.
"""
