"""A process adopts the published standard pack before anything asks for one: no module may ask while it is imported."""

import subprocess
import sys

ASKED = """
import importlib, pkgutil, sys
import admin, events, projections, service
for room in (events, projections, service, admin):
    for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        if not module.name.startswith(("service.cli",)):
            importlib.import_module(module.name)
from projections.standard.pack import default_pack
print(default_pack.cache_info().currsize, len(sys.modules) > 500)
"""


def test_importing_everything_asks_for_no_pack():
    asked = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=False)
    assert (asked.stdout.split(), asked.stderr) == (["0", "True"], "")
