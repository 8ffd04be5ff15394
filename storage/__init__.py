"""The database and the one place that imports sqlalchemy.

What belongs here: tables, query functions that take an open `Transaction` and return frozen dataclasses, migrations,
reference data. What never does: Slack, await (but for `database.py`), a decision of the field. Test each function on
SQLite and PostgreSQL (the `database` fixture runs a test on both).
"""
