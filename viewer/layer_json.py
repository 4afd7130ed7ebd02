"""Layers, revisions and acknowledgements as the browser reads them; ``player/web/keeping/types.d.ts`` says the same."""

import json
from typing import Any

from annotations.document import content_of, document_text
from annotations.layers import LayerState
from annotations.revision import Kept, Revision


def layer_json(state: LayerState) -> dict[str, Any]:
    """Return one layer as it stands, with what the next gesture on each item rests on."""
    return {
        "document": json.loads(document_text(state.document)),
        "heads": {item: list(ids) for item, ids in state.heads.items()},
        "changed_elsewhere": {
            item: [revision_json(revision) for revision in revisions]
            for item, revisions in state.changed_elsewhere.items()
        },
    }


def revision_json(revision: Revision) -> dict[str, Any]:
    """Return a revision with who made it, when and what."""
    return {
        "sequence": revision.sequence,
        "id": revision.id,
        "case": revision.case,
        "layer": revision.layer,
        "item": revision.item,
        "kind": revision.kind.value,
        "bases": list(revision.bases),
        "author": revision.author,
        "written_at": revision.written_at,
        "content": None if revision.content is None else content_of(revision.content),
    }


def kept_json(kept: Kept) -> dict[str, Any]:
    """Return the acknowledgement of a gesture."""
    return {
        "id": kept.id,
        "sequence": kept.sequence,
        "heads": list(kept.heads),
        "was_known": kept.was_known,
        "changed_elsewhere": kept.changed_elsewhere,
    }
