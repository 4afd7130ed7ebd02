"""Which clips a page will ask for first, told while it is still loading its scripts."""

from urllib.parse import parse_qsl

from starlette.types import Scope

from viewer.house import house
from viewer.staging import kept_clip_url
from viewer.state import first_case

COMPARE = "/compare"


def awaited_clips(scope: Scope) -> list[str]:
    """Return the addresses of the clips that the page at an address begins with.

    Parameters
    ----------
    scope : Scope
        The request for the page.

    Returns
    -------
    list of str
        Empty where the page shows no case, where its case is wrong (the page itself says so), and as long as
        a clip still has to be imported: the page says that, too.
    """
    if scope["path"] != COMPARE:
        return []
    catalogue = house().catalogue
    query = dict(parse_qsl(scope["query_string"].decode("ascii", errors="replace")))
    case_id = query.get("case") or first_case(catalogue)
    if case_id is None:
        return []
    return [kept_clip_url(sha256) for sha256 in catalogue.kept_packs(case_id, query.get("compare"))]
