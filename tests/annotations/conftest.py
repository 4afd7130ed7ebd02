"""What the tests of annotations share."""

from tests.annotations.database_server import postgresql_server, postgresql_url

__all__ = ["postgresql_server", "postgresql_url"]
