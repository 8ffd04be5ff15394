"""What was learned is found again: an answer becomes an entry, is reviewed, published, found, put right and put away.

drafting (a thread → words without names) → form, entered (a dialog, and what was entered in it) → dialogs, entering (opened,
and done) → parts (who is what to it), actions, changing (its life, and what follows from it), use (looking, thanks),
followup (what happens by itself), hours (when) → notices (who is told) → showing (rows → values) → views. searching →
wanted (what somebody looks for, as it travels) → finding (what is proposed → what is read) → result_views, search_views,
share_views (looked for, found, shared), similar (what is like a question).

What belongs here: all about entries. What never does: how a question lives, beyond closing one that an entry answers
(`use.solved_question`); how entries are found (`Services.search`).
"""

from bot.feature import Feature
from handlers.faq import changing, followup, listeners, notices, use
from handlers.questions.lifecycle.moves import RESOLVED
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(
    name="faq",
    register=listeners.register,
    renderers={**notices.RENDERERS, use.SHARED: use.shared},
    due_work={
        RESOLVED: followup.resolved,
        changing.REVIEW_DUE: followup.review_due,
        notices.READING_DUE: followup.reading_due,
        notices.CONSENT_DUE: followup.consent_due,
        use.THANKS_DUE: followup.thanks_due,
    },
    depends_on_words=frozenset({RESOLVED}),
    commands=listeners.COMMANDS,
)
