"""What the tests of the viewer share."""

from tests.annotations.database_server import postgresql_server, postgresql_url
from tests.viewer.own_server import port, visit

__all__ = ["port", "postgresql_server", "postgresql_url", "visit"]
