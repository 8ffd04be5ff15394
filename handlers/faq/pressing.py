"""Reading presses (`handlers.common.pressing`), under the name by which the features above the FAQ know it."""

from handlers.common.pressing import in_dialog, show, source, two

__all__ = ["in_dialog", "show", "source", "two"]
