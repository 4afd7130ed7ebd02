"""What the tests of the viewer share."""

from tests.annotations.database_server import postgresql_server, postgresql_url

__all__ = ["postgresql_server", "postgresql_url"]
