"""What can be said of sqladmin's views without running them, and of addresses to come back to."""

import pytest

from admin.gate import inside
from admin.views import VIEWS

SEALED = {"name", "id_number", "id_index", "unit_and_post", "phone"}
"""Columns of views that hold sealed or keyed texts."""


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_may_do_more_than_look(view):
    assert (view.can_create, view.can_edit, view.can_delete, view.can_import, view.can_export) == (False, False, False, False, False)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_names_its_columns_and_none_of_them_is_sealed(view):
    named = set(view.column_list) | set(view.column_details_list) | set(view.column_searchable_list) | set(view.column_sortable_list)
    assert view.column_list
    assert view.column_details_list
    assert named & SEALED == set()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/admin/b/B1/tasks?x=1", "/admin/b/B1/tasks?x=1"),
        ("", "/admin/"),
        ("https://evil.example/admin/", "/admin/"),
        ("//evil.example/admin/", "/admin/"),
        ("/admin//evil.example", "/admin/"),
        ("/admin/\\evil", "/admin/"),
        ("javascript:alert(1)", "/admin/"),
        ("/elsewhere", "/admin/"),
        ("/admin/\r\nset-cookie: x", "/admin/"),
    ],
)
def test_after_signing_in_nobody_is_led_away_from_the_desk(address, expected):
    assert inside(address) == expected
