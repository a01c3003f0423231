"""The drawing in the documentation shows the table as it is."""

from tools.draw_states import PAGE, updated


def test_the_state_diagram_is_drawn_from_the_present_table() -> None:
    page = PAGE.read_text("utf-8")
    assert updated(page) == page, "run: python -m tools.draw_states"
