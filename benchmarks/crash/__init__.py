"""Killing the bot exactly at a seam, and counting what became of what people wrote.

seams (runs in the bot's process and kills it) · place (workspace, people, misbehaving Slack) · talk (what people write)
and deeds (what they press and send in dialogs) · verdict (lost, captured twice, posted twice, the books) → trial (kill,
restart, settle, judge). Used by tests/crash and by benchmarks/soak.py; the product has no code for it.
"""
