"""What the set-up says in its steps."""

from __future__ import annotations

import dataclasses
from itertools import product

import pytest

from handlers.home.setup_views import TITLES, TO_READ, step_view
from handlers.home.steps import known
from tests.handlers.prefecture import Prefecture


@pytest.mark.screens
def test_a_step_names_no_button_that_it_does_not_have(ken: Prefecture) -> None:
    found = ken.read(known)
    for is_open, step in product((False, True), range(1, len(TITLES) + 1)):
        view = step_view(dataclasses.replace(found, is_open=is_open), step, "-")
        submit = view.get("submit", {}).get("text", "")
        assert ("「次へ」" in str(view["blocks"])) == (submit == "次へ"), (is_open, step)
        assert bool(submit) != (is_open and step in TO_READ), "there is nothing to save"
