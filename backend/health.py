"""Whether this process lives, and whether it can serve."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import select

from backend.database import tables
from backend.http import CallOf
from backend.version import VERSION

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The state of one process."""

    status: str
    version: str


@router.get("/healthz", operation_id="health.alive", response_model=Health)
async def alive(call: CallOf) -> Health:
    """The process answers."""
    return Health(status="ok", version=VERSION)


@router.get("/readyz", operation_id="health.ready", response_model=Health)
async def ready(call: CallOf) -> Response | Health:
    """The store answers too; a load balancer sends work only then."""
    async with call.runtime.database.read() as connection:
        await connection.execute(select(tables.store_fact.c.name).limit(1))
    return Health(status="ready", version=VERSION)
