"""The commands around a restore: backup, restore with the trail that survived, what is sealed, and who may open it."""

from __future__ import annotations

import json

from factories import PASSWORD, agency, pdf, person

from services.components import Components
from services.settings import Settings


def test_a_database_of_yesterday_and_the_trail_of_today(tolmach, tmp_path):
    home, backup, papers = tmp_path / "home", tmp_path / "backup", tmp_path / "papers"
    run = tolmach
    assert run("init").returncode == 0
    components = Components(Settings(home=home))
    agency(components, "KZ", "confidential")
    for username in ("kz1", "kz2"):
        person(components, username, "KZ", ["registrar"], "confidential")
    components.close()
    papers.mkdir()
    (papers / "a.pdf").write_bytes(pdf("About zeppelins."))
    taken = run("ingest", str(papers), "--originator", "KZ", "--releasable-to", "ALL", "--level", "unclassified")
    assert taken.returncode == 0, taken.stderr
    assert run("backup", str(backup)).returncode == 0
    again = run("backup", str(backup))
    assert again.returncode == 1 and "not empty" in again.stderr
    components = Components(Settings(home=home))
    document = components.store.names().pop()
    components.close()
    tightened = run("relabel", document, "--reason", "a name", "--level", "confidential", "--releasable-to", "KZ")
    assert tightened.returncode == 0, tightened.stderr
    drilled = run("drill", str(backup), str(tmp_path / "place"), "--json")
    assert drilled.returncode == 0, drilled.stderr
    told = json.loads(drilled.stdout)
    assert (told["documents"], told["sealed"], told["lost"], told["troubles"]) == (1, 1, 0, [])
    said = run("drill", str(backup), str(tmp_path / "place"))
    assert said.returncode == 0 and "Sealed until two people decide would be 1 documents" in said.stderr
    home.rename(tmp_path / "lost")
    restored = run("restore", str(backup), "--trail", str(tmp_path / "lost" / "audit.sqlite"), "--json")
    assert restored.returncode == 0, restored.stderr
    told = json.loads(restored.stdout)
    assert (told["documents"], told["sealed"], told["lost"]) == (1, 1, 0)
    looked = run("doctor")
    assert looked.returncode == 1 and "1 documents are sealed" in looked.stderr
    (sealed,) = json.loads(run("sealed", "list", "--json").stdout)
    assert sealed["document_id"] == document and '"KZ"' in sealed["trail"]["label"]
    assert document in run("sealed", "list").stderr
    opening = ("sealed", "open", document, "--reason", "as it was", "--password-stdin", "--json", "--as")
    asked = run(*opening, "kz1", stdin=PASSWORD)
    assert asked.returncode == 0, asked.stderr
    proposal = json.loads(asked.stdout)["proposal_id"]
    waiting = run("proposal", "list", "--json", "--as", "kz2", "--password-stdin", stdin=PASSWORD)
    assert [one["kind"] for one in json.loads(waiting.stdout)] == ["unseal"]
    own = run("proposal", "approve", proposal, "--as", "kz1", "--password-stdin", stdin=PASSWORD)
    assert own.returncode == 1 and "Somebody else" in own.stderr
    done = run("proposal", "approve", proposal, "--as", "kz2", "--password-stdin", stdin=PASSWORD)
    assert done.returncode == 0, done.stderr
    assert "No document is sealed" in run("sealed", "list").stderr
    assert run("doctor").returncode == 0, run("doctor").stderr
