"""The core, and the one place that wires everything together (`bot.app`).

What belongs here: what every feature needs and no feature owns (clock, settings, errors, delivery, web).
What never does: a word a person reads about a question, or a rule of one feature; those live in `handlers/`.
"""
