"""The one way in: a folder per feature.

Each has listeners.py (Slack → action → answer), actions (plain functions, one transaction each; no Slack, no await) and
views.py (pure: values → Block Kit), and exports one FEATURE. Listeners catch nothing: `handlers.common.errors` answers.
"""
