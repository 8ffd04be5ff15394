"""Every table. A change here needs a migration (`alembic check` runs in CI)."""

from storage.tables.calendars import feeds
from storage.tables.digests import digests
from storage.tables.emergencies import emergencies
from storage.tables.emergencies import entries as emergency_entries
from storage.tables.emergencies import guides as emergency_guides
from storage.tables.emergencies import people as emergency_people
from storage.tables.emergencies import places as emergency_places
from storage.tables.faq import (
    embedding,
    entries,
    helped,
    phrasings,
    revisions,
    searches,
    similar,
    vectors,
    word_table,
)
from storage.tables.meetings import meetings, outcomes, replies
from storage.tables.metadata import metadata
from storage.tables.people import (
    channel_members,
    channels,
    fields,
    members,
    municipalities,
    offices,
    talents,
    workspaces,
)
from storage.tables.questions import events, messages, question_changes, questions
from storage.tables.rota import absences, duties, duty_reasons, rota_members, rotas, swaps
from storage.tables.study import series, sessions
from storage.tables.topics import agendas, topic_requests, topic_votes, topics
from storage.tables.work import audit, due_work, failed_events, handled, held_letters, kept_words, outbox

__all__ = [
    "absences",
    "agendas",
    "audit",
    "channel_members",
    "channels",
    "digests",
    "due_work",
    "duties",
    "duty_reasons",
    "embedding",
    "emergencies",
    "emergency_entries",
    "emergency_guides",
    "emergency_people",
    "emergency_places",
    "entries",
    "events",
    "failed_events",
    "feeds",
    "fields",
    "handled",
    "held_letters",
    "helped",
    "kept_words",
    "meetings",
    "members",
    "messages",
    "metadata",
    "municipalities",
    "offices",
    "outbox",
    "outcomes",
    "phrasings",
    "question_changes",
    "questions",
    "replies",
    "revisions",
    "rota_members",
    "rotas",
    "searches",
    "series",
    "sessions",
    "similar",
    "swaps",
    "talents",
    "topic_requests",
    "topic_votes",
    "topics",
    "vectors",
    "word_table",
    "workspaces",
]
