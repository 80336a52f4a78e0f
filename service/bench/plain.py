"""The peer of the HTTP measure: a plain Litestar handler that inserts a row and an audit row with SQLAlchemy. No rules, no promises."""

import datetime as dt
import os
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from litestar import Litestar, Request, post
from litestar.params import FromPath, JSONBody
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

metadata = sa.MetaData()
payment = sa.Table(
    "payment",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("org_id", sa.Text, nullable=False),
    sa.Column("person_id", sa.Text, nullable=False),
    sa.Column("month", sa.Text, nullable=False),
    sa.Column("amount_fen", sa.BigInteger, nullable=False),
    sa.Column("paid_on", sa.Date, nullable=False),
)
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
)


class Pay(msgspec.Struct):
    """The body."""

    person_id: str
    month: str
    amount_fen: Annotated[int, msgspec.Meta(gt=0)]
    occurred_on: dt.date


@post("/orgs/{org_id:str}/pay")
async def pay(request: "Request[Any, Any, Any]", org_id: FromPath[str], data: JSONBody[Pay]) -> dict[str, int]:
    """One transaction, two rows."""
    async with request.app.state.sessions() as session:
        row = sa.insert(payment).values(
            org_id=org_id, person_id=data.person_id, month=data.month, amount_fen=data.amount_fen, paid_on=data.occurred_on
        )
        number = (await session.execute(row.returning(payment.c.id))).scalar_one()
        await session.execute(sa.insert(audit).values(actor="bench", what=f"payment {number}"))
        await session.commit()
    return {"id": number}


def create_app() -> Litestar:
    engine = create_async_engine(os.environ["BENCH_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1), pool_size=32)

    async def start(app: Litestar) -> None:
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        app.state.sessions = async_sessionmaker(engine)

    return Litestar([pay], on_startup=[start], openapi_config=None)
