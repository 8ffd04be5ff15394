"""The workspace in a browser: the page, its feed and its files, on the server of all the rest.

guard (who may speak to the server at all) → pages (the page, as it lies in static/) → seen (what one person may see, as
JSON) → feed (that, live through one WebSocket per window) → shown_files (files and pictures of messages).

The page acts through the control API, as tests do; nothing here changes the workspace. How the page itself is cut:
docs/decisions/0028-the-sandbox-in-a-browser.md.
"""

from sandbox.browser.guard import Guard
from sandbox.browser.site import Site

__all__ = ["Guard", "Site"]
