"""Certificates over HTTP."""

from pathlib import Path

from api.permissions.roles import Role
from archive.certificates.folder import CertificateFolder
from archive.certificates.signed_note import split_note
from retention.certificates.inclusion import read_proof
from tests.api.certificates.runs import Daemon, ended, issue, recording
from tests.api.examples import scene
from tests.archive.certificates.examples import PUBLIC
from tests.support.web.approvals import person


async def test_a_certificate_is_read_as_it_was_signed_and_told_in_the_readers_language(
    tmp_path: Path,
) -> None:
    """What an export is made of."""
    async with scene(tmp_path, certificates=CertificateFolder(tmp_path)) as it:
        run = ended()
        issue(it.engine, tmp_path, Daemon(run.recordings)).issue(run)
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        (row,) = (await it.client.get("/certificates", headers=owner)).json()["certificates"]
        shown = await it.client.get("/certificates/3", headers={**owner, "Accept-Language": "ja"})
        body = shown.json()
        file = await it.client.get("/certificates/3/files/certificate.txt", headers=owner)
        proof = await it.client.get(f"/certificates/3/proofs/{recording(1)}", headers=owner)
        none = await it.client.get("/certificates/9", headers=owner)

    assert (row["number"], row["recordings"]) == (3, 5)
    assert body["certificate"] == row
    assert body["fingerprint"] == PUBLIC.fingerprint
    assert "廃棄" in body["told"][0] or body["told"][0].startswith("Certificate")
    assert file.text == body["text"]
    assert split_note(file.content)[0].startswith("rokuon certificate of destruction 1\n")
    assert read_proof(proof.text).size == 5
    assert none.status_code == 404
