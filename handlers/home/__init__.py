"""Home: the app's own page for each person. It shows what is theirs and opens what other features own.

listeners (opened, pressed) → page (what there is for somebody) → views (what they see).
"""

from bot.feature import Feature
from handlers.home import listeners
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(name="home", register=listeners.register)
