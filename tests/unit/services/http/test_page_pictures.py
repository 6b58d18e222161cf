"""Pictures of pages over a real connection: hostile ones stop nobody, who leaves is noticed, each is drawn once."""

from __future__ import annotations

import http.client
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import uvicorn
from factories import agency, bearer, client, label, pdf, person, take
from sqlalchemy import update

from indexer.extract.drawing import DrawingQueue, PageDrawer
from indexer.library.tables import DocumentRow
from services.app import create_app
from services.components import Components
from services.settings import Settings
from services.setup import set_up

sys.path.insert(0, str(Path(__file__).parents[2] / "indexer" / "extract"))
import pdfs


@pytest.fixture(scope="module")
def components(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    settings = Settings(home=tmp_path_factory.mktemp("pictures") / "home", removal_days=0)
    set_up(settings)
    opened = Components(settings)
    agency(opened, "A")
    for name in ("ann", "bob"):
        person(opened, name, "A", ["expert", "registrar"])
    yield opened
    opened.close()


@pytest.fixture
def paper(components: Components) -> str:
    identifier = take(components, pdf(f"A paper of {time.monotonic()}."), label(components, "A")).document_id
    components.worker().run()
    return identifier


def remove(components: Components, paper: str) -> None:
    """As two registrars do."""
    asked = client(components, "ann").post(f"/api/documents/{paper}/removal", json={"reason": "because"})
    approved = client(components, "bob").post(f"/api/proposals/{asked.json()['proposal_id']}/approval")
    assert approved.status_code == 200


@pytest.fixture
def hostile(components: Components) -> str:
    """A document whose first page is drawn for ever, and which was taken in all the same."""
    content = pdfs.laborious() + b"\n%%" + str(time.monotonic()).encode() + b"\n%%EOF"
    identifier = take(components, content, label(components, "A")).document_id
    with components.database.session() as session:
        session.execute(update(DocumentRow).where(DocumentRow.id == identifier).values(state="indexed", pages=1))
    return identifier


class Serving(uvicorn.Server):
    """The service on a port of its own, in a thread."""

    def __init__(self, components: Components) -> None:
        app = create_app(components)
        super().__init__(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
        self._thread = threading.Thread(target=self.run, daemon=True)
        self._thread.start()
        while not self.started:
            time.sleep(0.01)
        self.port = self.servers[0].sockets[0].getsockname()[1]

    def close(self) -> None:
        self.should_exit = True
        self._thread.join()

    def ask(self, path: str, headers: dict[str, str] | None = None) -> http.client.HTTPConnection:
        """A connection on which the question was sent and not yet answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", path, headers=headers or {})
        return connection

    def status(self, path: str, headers: dict[str, str] | None = None) -> int:
        with closing(self.ask(path, headers)) as connection:
            response = connection.getresponse()
            response.read()
            return response.status


@pytest.fixture
def serving(components: Components) -> Iterator[Serving]:
    with closing(Serving(components)) as server:
        yield server


def waiting(queue: DrawingQueue) -> int:
    return len(queue._waiting) + len(queue._running)


def eventually(said: object) -> bool:
    for _ in range(600):
        if said():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_pages_that_are_drawn_for_ever_stop_neither_health_nor_static_files_nor_others(
    components: Components, serving: Serving, hostile: str, paper: str
) -> None:
    theirs, ours = bearer(components, "ann"), bearer(components, "bob")
    picture = "/api/documents/{}/pages/1/image?width={}"
    asked = [serving.ask(picture.format(hostile, 100 + n), theirs) for n in range(60)]
    assert eventually(lambda: components.drawings._running)
    before = components.drawings._running[0]
    assert serving.status("/api/health") == 200
    assert serving.status("/static/shell/app.js") == 200
    assert serving.status("/") == 200
    assert serving.status("/api/me", ours) == 200
    assert serving.status(picture.format(paper, 300), ours) == 200
    assert before in components.drawings._running, "the hostile page was done before the others were answered"
    answers = [connection.getresponse().status for connection in asked[:1]]
    for connection in asked:
        connection.close()
    assert answers == [503]
    assert eventually(lambda: waiting(components.drawings) == 0)


def test_one_person_gets_a_share_and_503_beyond_it(components: Components, serving: Serving, hostile: str) -> None:
    theirs = bearer(components, "ann")
    asked = [serving.ask(f"/api/documents/{hostile}/pages/1/image?width={200 + n}", theirs) for n in range(4)]
    assert eventually(lambda: waiting(components.drawings) == 4)
    with closing(serving.ask(f"/api/documents/{hostile}/pages/1/image?width=300", theirs)) as connection:
        refused = connection.getresponse()
        assert (refused.status, refused.headers["retry-after"]) == (503, "5")
        assert b"Many pages are being drawn" in refused.read()
    for connection in asked:
        connection.close()
    assert eventually(lambda: waiting(components.drawings) == 0)


def test_a_caller_who_leaves_ends_the_drawing(components: Components, serving: Serving, hostile: str) -> None:
    connection = serving.ask(f"/api/documents/{hostile}/pages/1/image?width=400", bearer(components, "ann"))
    assert eventually(lambda: components.drawings._running)
    drawing = components.drawings._running[0]
    connection.close()
    assert eventually(drawing.picture.done)
    assert "StoppedError" in repr(drawing.picture.exception())


def test_a_picture_is_drawn_once_and_goes_with_its_document(
    components: Components, paper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    rightly = PageDrawer.draw
    monkeypatch.setattr(PageDrawer, "draw", lambda self, *about: drawn.append(about[1:3]) or rightly(self, *about))
    api, path = client(components, "ann"), f"/api/documents/{paper}/pages/1/image"
    first, second = api.get(path, params={"width": 200}), client(components, "bob").get(path, params={"width": 200})
    assert first.content == second.content and first.content.startswith(b"\x89PNG")
    assert drawn == [(1, 200)]
    api.get(path, params={"width": 201})
    assert drawn == [(1, 200), (1, 201)]
    folder = components.home.files / "pictures" / paper[:2] / paper
    assert len(list(folder.iterdir())) == 2
    remove(components, paper)
    assert api.get(path, params={"width": 200}).status_code == 404
    components.worker().run()
    assert not folder.exists()


def test_a_document_that_is_removed_while_it_is_drawn_leaves_no_picture(
    components: Components, paper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    api, rightly = client(components, "ann"), PageDrawer.draw

    def removing(self: PageDrawer, *about: object) -> bytes:
        picture = rightly(self, *about)  # type: ignore[arg-type]
        remove(components, paper)
        components.worker().run()
        return picture

    monkeypatch.setattr(PageDrawer, "draw", removing)
    assert api.get(f"/api/documents/{paper}/pages/1/image").status_code == 404
    assert not (components.home.files / "pictures" / paper[:2] / paper).exists()
