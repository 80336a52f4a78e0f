"""Which Chromium the desk tests use, and that it starts."""

import pytest

from tests.browser import Source, choose, chromium


@pytest.mark.parametrize(
    ("installed", "root", "debian", "source"),
    [
        (True, True, True, Source.INSTALLED),
        (True, False, False, Source.INSTALLED),
        (False, True, True, Source.PACKAGE),
        (False, True, False, Source.DOWNLOAD),
        (False, False, True, Source.DOWNLOAD),
    ],
)
def test_an_installed_one_then_debians_then_a_download(installed, root, debian, source):
    assert choose(installed=installed, root=root, debian=debian) is source


async def test_it_shows_a_page():
    async with chromium() as browser:
        page = await browser.new_page()
        await page.set_content("<h1>党费</h1>")
        assert await page.inner_text("h1") == "党费"
