"""Only pages whose visitor may upload are remembered as such."""

from app.people.uploads import Uploaders


def test_the_newest_pages_are_remembered() -> None:
    uploaders = Uploaders()
    uploaders.allow("page", True)
    assert "page" in uploaders
    uploaders.allow("page", False)
    assert "page" not in uploaders
