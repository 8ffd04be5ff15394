"""The digests of a week: what is to come, the summary for everybody with its one chart, the coordinators' own.

looking (what is due, whom it goes to) → rendering (the rows that wait become messages) → gathering, bodies (rows → values)
→ values → views, chart → drawing (a program of its own) · choosing (what reaches somebody) · planning (「週のお知らせ」:
when, where, a look beforehand) → plan_views · listeners.

What belongs here: telling of a week as a whole. What never does: reminding of a single thing, changing a question. When each
is due is a rule (`bot.domain.digests`); docs/decisions/0038-digests-of-a-week.md.
"""

from bot.domain.digests import Digest
from bot.feature import Feature
from handlers.digests import listeners, looking, rendering
from storage.database import Transaction

FEATURE: Feature[Transaction] = Feature(
    name="digests",
    register=listeners.register,
    renderers={
        looking.RENDERERS[Digest.WEEK]: rendering.week,
        looking.RENDERERS[Digest.PUBLIC]: rendering.summary,
        looking.RENDERERS[Digest.OFFICE]: rendering.office,
        looking.CHART: rendering.picture,
    },
    due_work={looking.LOOK: looking.look},
    depends_on_words=frozenset({looking.LOOK}),
    on_posted=looking.on_posted,
)
