"""Where a question lives and who is what to it: sides, parts, routing, names, who must not read it, and what Slack
tells of a message."""
