"""The web application: one router that authenticates, a few public exceptions, and the browser pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from time import perf_counter
from typing import Final

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute

from services import errors
from services.components import Components
from services.http.browser_files import BrowserFiles
from services.http.description import description, operation_id
from services.observing import logs
from services.routes import (
    audit,
    documents,
    handling,
    pairs,
    proving,
    removed,
    search,
    searches,
    service,
    session,
    terms,
)
from services.routes.access import administration, approvals, explaining, passkeys, signing_on
from services.routes.asking import answers, enquiries, recommendations
from services.routes.authentication import components_of, guarded_router
from services.routes.bitext import exchange, queue, translations
from services.routes.reading import dossier
from services.routes.retention import retention

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def create_app(components: Components) -> FastAPI:
    """The application over these parts; closes them when it ends."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        components.close()

    app = api(lifespan)
    app.state.components = components
    _pages(app)
    errors.install(app)
    app.middleware("http")(_harden)
    return app


def api(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None) -> FastAPI:
    """The calls alone, over no parts: enough to describe them."""
    app = FastAPI(title="Tolmach", openapi_url=None, lifespan=lifespan, generate_unique_id_function=operation_id)
    app.include_router(_public(), prefix="/api", responses=errors.DESCRIBED)
    app.include_router(_authenticated(), prefix="/api", responses=errors.DESCRIBED)
    app.openapi = partial(description, app)  # type: ignore[method-assign]
    return app


def _public() -> APIRouter:
    """All that answers without a token, besides the browser pages."""
    router = APIRouter()
    router.include_router(session.public)
    router.include_router(service.public)
    router.include_router(signing_on.public)
    return router


def _authenticated() -> APIRouter:
    """Everything else: whatever hangs here is refused without a valid token."""
    router = guarded_router()
    router.include_router(documents.uploads)
    router.include_router(exchange.uploads)
    router.include_router(terms.uploads)
    for module in (
        session,
        passkeys,
        search,
        searches,
        recommendations,
        answers,
        enquiries,
        documents,
        terms,
        handling,
        pairs,
        service,
        removed,
        retention,
        administration,
        approvals,
        explaining,
        audit,
        proving,
        queue,
        translations,
        exchange,
        dossier,
    ):
        router.include_router(module.router)
    return router


def _pages(app: FastAPI) -> None:
    folder = Path(str(files("frontend")))

    pages = BrowserFiles(directory=folder)

    @app.get("/", include_in_schema=False)
    async def index(request: Request) -> Response:
        return await pages.page(request.scope)

    app.mount("/static", pages)


async def _harden(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    began = perf_counter()
    with logs.request():
        try:
            response = await call_next(request)
        except Exception as error:  # what nobody foresaw is answered here, so that it has these headers too
            response = errors.unforeseen(request, error)
    seconds = perf_counter() - began
    components_of(request).meter.answered(_template(request), request.method, response.status_code, seconds)
    response.headers.update(HEADERS)
    if request.url.path.startswith("/api/"):
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _template(request: Request) -> str:
    """The template of the address that was asked for: whatever somebody asks for, one of those that there are."""
    route = request.scope.get("route")
    if isinstance(route, APIRoute):
        return route.path
    return "page" if "endpoint" in request.scope else "none"
