"""Search: names, words and near words by which groups and people are found, and who looked up how much."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.database import columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_account_bill_phone", "account", ["bill_phone"]),
    ("ix_account_alias_value", "account_alias", ["value"]),
    ("ix_member_first", "member", ["first_key", "last_key"]),
    ("ix_member_last4", "member", ["ssn_last4", "last_key", "first_key"]),
    ("ix_member_phone", "member", ["phone_key"]),
)


def _words(name: str, *texts: str, of: str = "") -> None:
    """A table that is nothing but its primary key."""
    key = [*texts, of] if of else list(texts)
    op.create_table(
        name,
        *(sa.Column(one, columns.Line, nullable=False) for one in texts),
        *([sa.Column(of, sa.BigInteger(), autoincrement=False, nullable=False)] if of else []),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    """Apply."""
    _words("member_name", "last_key", "first_key", of="member_id")
    _words("account_word", "word", "name_key", of="account_id")
    _words("near_word", "kind", "form", "word")
    op.create_table(
        "search_count",
        sa.Column("rep_id", columns.Key, nullable=False),
        sa.Column("since", columns.InstantColumn(), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.Column("last", columns.Line, nullable=False),
        sa.Column("last_results", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_search_count_rep_id")),
        sa.PrimaryKeyConstraint("rep_id", name=op.f("pk_search_count")),
    )
    with op.batch_alter_table("member") as batch:
        batch.add_column(sa.Column("phone_key", columns.Line, server_default=sa.text("''"), nullable=False))
    for name, table, indexed in _INDEXES:
        op.create_index(name, table, indexed, unique=False)
    # The first process that opens the store makes the words of what is there.
    op.execute("INSERT INTO store_fact (name, value) VALUES ('search_words', '0')")


def downgrade() -> None:
    """Take back."""
    op.execute("DELETE FROM store_fact WHERE name = 'search_words'")
    for name, table, _ in reversed(_INDEXES):
        op.drop_index(name, table_name=table)
    with op.batch_alter_table("member") as batch:
        batch.drop_column("phone_key")
    for name in ("search_count", "near_word", "account_word", "member_name"):
        op.drop_table(name)
