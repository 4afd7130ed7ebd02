"""Documents of earlier versions made into the present one, one step a version."""

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from annotations.errors import AnnotationFormatError

Content = dict[str, JsonValue]
Step = Callable[[Content], Content]

SCHEMA_VERSION = 1

# The key is the version that a step starts from. No other version has been published yet.
STEPS: Mapping[int, Step] = {}


def migrated(
    content: Content,
    name: str,
    *,
    steps: Mapping[int, Step] = STEPS,
    current: int = SCHEMA_VERSION,
) -> Content:
    """Bring a document to the present version; one of a newer version is left as it is.

    Parameters
    ----------
    content : dict
        The parsed JSON.
    name : str
        What the document is called in messages.
    steps : mapping of int to callable
        For each earlier version what makes the next one of it.
    current : int
        The present version.

    Returns
    -------
    dict
        The document in the present version, or as it came if it is newer.

    Raises
    ------
    AnnotationFormatError
        If the version is missing or there is no way from it.
    """
    version = version_of(content)
    if version < 0:
        raise AnnotationFormatError(
            f"{name}: the schema_version is missing; this is not one of our documents."
        )
    while version < current:
        step = steps.get(version)
        if step is None:
            raise AnnotationFormatError(
                f"{name}: version {version} of the document is not known; open it with its own viewer."
            )
        content = {**step(content), "schema_version": version + 1}
        version += 1
    return content


def version_of(content: Content) -> int:
    """Return the version that a document states; -1 where it states none."""
    version = content.get("schema_version")
    return version if isinstance(version, int) and not isinstance(version, bool) else -1
