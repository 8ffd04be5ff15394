"""Delivery is tested through the whole bot: the small prefecture of the stories."""

from tests.scenarios.conftest import town

__all__ = ["town"]
