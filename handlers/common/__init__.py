"""What every feature shares: the services listeners get, the one error handler, telling people in the right place,
lists from Excel and to it (`sheets`, `lists`).

What never belongs here: a word or a rule of one feature.
"""
