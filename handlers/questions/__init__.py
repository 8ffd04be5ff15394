"""Asking, answering, following up: the life of a question, from the first word to the last."""
