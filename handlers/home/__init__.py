"""Home: the app's own page for each person, which shows what is theirs and opens what other features own; and the set-up.

listeners (opened, pressed) → page (what there is for somebody) → views, office_views (what they see) · lists (what each
number counts, and the list it opens) → listing (what a list is), entries (those of the FAQ, and `/banso FAQ一覧`), lines,
rota (rows → values) → list_views · setup (the set-up's dialogs) → steps (what is known and what is entered) →
setup_views, opening_views · calendars (when each body is open) → calendar_views · morning (what waited for somebody is
told) → morning_views · choosing (「お知らせの設定」).

A new number is a `List` in lists: Home counts and opens the same.
"""

from bot.feature import Feature
from handlers.common.telling import LETTERS
from handlers.home import entries, listeners, morning, setup
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(
    name="home",
    register=listeners.register,
    renderers={setup.WELCOME_MESSAGE: setup.welcome, morning.MORNING: morning.morning},
    due_work={LETTERS: morning.letters_due},
    depends_on_words=frozenset({LETTERS}),
    commands=(entries.COMMAND, setup.COMMAND),
)
