"""The two stores, as the store's own tests have them."""

from tests.store.conftest import pool as pool
from tests.store.conftest import postgres as postgres
from tests.store.conftest import store as store
