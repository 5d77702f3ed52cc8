"""Routes under `/recordings` that say what is so: corrections, tags, notes.

Knows nothing of what a correction does.
"""

from fastapi import APIRouter

from api.calls.corrections import CORRECT, NOTE, TAG, UNTAG
from api.web.calls.amendments import CorrectionView
from api.web.rows import Row, routed

router = routed(
    APIRouter(prefix="/recordings", tags=["corrections"]),
    Row("POST", "/{recording}/corrections", CORRECT, CorrectionView, status=201),
    Row("POST", "/{recording}/tags", TAG, CorrectionView, status=201),
    Row("DELETE", "/{recording}/tags/{tag:path}", UNTAG, CorrectionView),
    Row("POST", "/{recording}/notes", NOTE, CorrectionView, status=201),
)
