"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0001"
down_revision = None

WHOLE = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
WORDS = sa.Text().with_variant(TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "mentorkit_event",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("programme", WORDS, nullable=True),
        sa.Column("relationship", WORDS, nullable=True),
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_event_tenant_at_step", "mentorkit_event", ["tenant", "at", "step"]
    )
    op.create_index(
        "ix_mentorkit_event_tenant_programme_at", "mentorkit_event", ["tenant", "programme", "at"]
    )
    op.create_index(
        "ix_mentorkit_event_tenant_relationship", "mentorkit_event", ["tenant", "relationship"]
    )
    op.create_table(
        "mentorkit_apart",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("other", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "person", "other"),
        sqlite_strict=True,
    )
    op.create_table(
        "mentorkit_person",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_table(
        "mentorkit_programme",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_table(
        "mentorkit_timer",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("thing", WORDS, nullable=False),
        sa.Column("due", WHOLE, nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("error", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "kind", "thing"),
        sqlite_strict=True,
    )
    op.create_index("ix_mentorkit_timer_due", "mentorkit_timer", ["due"])
    op.create_table(
        "mentorkit_delivery",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("event", WORDS, nullable=False),
        sa.Column("subscriber", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("due", WHOLE, nullable=False),
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("lease", WHOLE, nullable=False),
        sa.Column("claim", WORDS, nullable=False),
        sa.Column("error", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "event"],
            ["mentorkit_event.tenant", "mentorkit_event.id"],
            name="fk_mentorkit_delivery_event",
        ),
        sa.PrimaryKeyConstraint("tenant", "event", "subscriber"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_delivery_state_due_step", "mentorkit_delivery", ["state", "due", "step"]
    )
    op.create_table(
        "mentorkit_draft",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "programme"],
            ["mentorkit_programme.tenant", "mentorkit_programme.id"],
            name="fk_mentorkit_draft_programme",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_draft_tenant_programme", "mentorkit_draft", ["tenant", "programme"]
    )
    op.create_table(
        "mentorkit_invitation",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "programme"],
            ["mentorkit_programme.tenant", "mentorkit_programme.id"],
            name="fk_mentorkit_invitation_programme",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sa.UniqueConstraint("tenant", "digest", name="uq_mentorkit_invitation"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_invitation_tenant_programme", "mentorkit_invitation", ["tenant", "programme"]
    )
    op.create_table(
        "mentorkit_office_hours",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "programme"],
            ["mentorkit_programme.tenant", "mentorkit_programme.id"],
            name="fk_mentorkit_office_hours_programme",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_office_hours_tenant_person",
        "mentorkit_office_hours",
        ["tenant", "person"],
    )
    op.create_index(
        "ix_mentorkit_office_hours_tenant_programme",
        "mentorkit_office_hours",
        ["tenant", "programme"],
    )
    op.create_table(
        "mentorkit_gathering",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "programme"],
            ["mentorkit_programme.tenant", "mentorkit_programme.id"],
            name="fk_mentorkit_gathering_programme",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_gathering_tenant_programme", "mentorkit_gathering", ["tenant", "programme"]
    )
    op.create_table(
        "mentorkit_seat",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("gathering", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "gathering"],
            ["mentorkit_gathering.tenant", "mentorkit_gathering.id"],
            name="fk_mentorkit_seat_gathering",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sa.UniqueConstraint("tenant", "gathering", "person", name="uq_mentorkit_seat"),
        sqlite_strict=True,
    )
    op.create_index("ix_mentorkit_seat_tenant_person", "mentorkit_seat", ["tenant", "person"])
    op.create_table(
        "mentorkit_participant",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.Column("about", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "person"],
            ["mentorkit_person.tenant", "mentorkit_person.id"],
            name="fk_mentorkit_participant_person",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "programme"],
            ["mentorkit_programme.tenant", "mentorkit_programme.id"],
            name="fk_mentorkit_participant_programme",
        ),
        sa.PrimaryKeyConstraint("tenant", "programme", "person"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_participant_tenant_person", "mentorkit_participant", ["tenant", "person"]
    )
    op.create_table(
        "mentorkit_relationship",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("stage", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "programme"],
            ["mentorkit_programme.tenant", "mentorkit_programme.id"],
            name="fk_mentorkit_relationship_programme",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_relationship_tenant_programme",
        "mentorkit_relationship",
        ["tenant", "programme"],
    )
    op.create_table(
        "mentorkit_award",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("rule", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_award_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sa.UniqueConstraint(
            "tenant", "relationship", "rule", "key", "person", name="uq_mentorkit_award"
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_award_tenant_programme", "mentorkit_award", ["tenant", "programme"]
    )
    op.create_index(
        "ix_mentorkit_award_tenant_relationship", "mentorkit_award", ["tenant", "relationship"]
    )
    op.create_table(
        "mentorkit_conduct",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=True),
        sa.Column("reporter", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "programme"],
            ["mentorkit_programme.tenant", "mentorkit_programme.id"],
            name="fk_mentorkit_conduct_programme",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_conduct_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_conduct_tenant_programme", "mentorkit_conduct", ["tenant", "programme"]
    )
    op.create_index(
        "ix_mentorkit_conduct_tenant_relationship",
        "mentorkit_conduct",
        ["tenant", "relationship"],
    )
    op.create_table(
        "mentorkit_goal",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_goal_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index("ix_mentorkit_goal_tenant_programme", "mentorkit_goal", ["tenant", "programme"])
    op.create_index(
        "ix_mentorkit_goal_tenant_relationship", "mentorkit_goal", ["tenant", "relationship"]
    )
    op.create_table(
        "mentorkit_member",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("role", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_member_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "relationship", "person"),
        sqlite_strict=True,
    )
    op.create_index("ix_mentorkit_member_tenant_person", "mentorkit_member", ["tenant", "person"])
    op.create_table(
        "mentorkit_note",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=False),
        sa.Column("author", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_note_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index("ix_mentorkit_note_tenant_programme", "mentorkit_note", ["tenant", "programme"])
    op.create_index(
        "ix_mentorkit_note_tenant_relationship", "mentorkit_note", ["tenant", "relationship"]
    )
    op.create_table(
        "mentorkit_expectation",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_expectation_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sa.UniqueConstraint("tenant", "relationship", "person", name="uq_mentorkit_expectation"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_expectation_tenant_programme",
        "mentorkit_expectation",
        ["tenant", "programme"],
    )
    op.create_index(
        "ix_mentorkit_expectation_tenant_relationship",
        "mentorkit_expectation",
        ["tenant", "relationship"],
    )
    op.create_table(
        "mentorkit_action",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=False),
        sa.Column("owner", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_action_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_action_tenant_programme", "mentorkit_action", ["tenant", "programme"]
    )
    op.create_index(
        "ix_mentorkit_action_tenant_relationship", "mentorkit_action", ["tenant", "relationship"]
    )
    op.create_table(
        "mentorkit_query",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_query_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_query_tenant_programme", "mentorkit_query", ["tenant", "programme"]
    )
    op.create_index(
        "ix_mentorkit_query_tenant_relationship", "mentorkit_query", ["tenant", "relationship"]
    )
    op.create_table(
        "mentorkit_resource",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_resource_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_resource_tenant_programme", "mentorkit_resource", ["tenant", "programme"]
    )
    op.create_index(
        "ix_mentorkit_resource_tenant_relationship",
        "mentorkit_resource",
        ["tenant", "relationship"],
    )
    op.create_table(
        "mentorkit_insight",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_insight_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_insight_tenant_programme", "mentorkit_insight", ["tenant", "programme"]
    )
    op.create_index(
        "ix_mentorkit_insight_tenant_relationship", "mentorkit_insight", ["tenant", "relationship"]
    )
    op.create_table(
        "mentorkit_story",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_story_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_story_tenant_programme", "mentorkit_story", ["tenant", "programme"]
    )
    op.create_index(
        "ix_mentorkit_story_tenant_relationship", "mentorkit_story", ["tenant", "relationship"]
    )
    op.create_table(
        "mentorkit_request",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("survey", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_request_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sa.UniqueConstraint(
            "tenant", "relationship", "survey", "key", "person", name="uq_mentorkit_request"
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_request_tenant_programme", "mentorkit_request", ["tenant", "programme"]
    )
    op.create_index(
        "ix_mentorkit_request_tenant_relationship", "mentorkit_request", ["tenant", "relationship"]
    )
    op.create_table(
        "mentorkit_session",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("starts", WHOLE, nullable=False),
        sa.Column("ends", WHOLE, nullable=False),
        sa.Column("chat", WHOLE, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_session_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_session_tenant_programme", "mentorkit_session", ["tenant", "programme"]
    )
    op.create_index(
        "ix_mentorkit_session_tenant_relationship", "mentorkit_session", ["tenant", "relationship"]
    )
    op.create_table(
        "mentorkit_signal",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("programme", WORDS, nullable=False),
        sa.Column("relationship", WORDS, nullable=False),
        sa.Column("rule", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("data", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "relationship"],
            ["mentorkit_relationship.tenant", "mentorkit_relationship.id"],
            name="fk_mentorkit_signal_relationship",
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sa.UniqueConstraint("tenant", "relationship", "rule", "key", name="uq_mentorkit_signal"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_mentorkit_signal_tenant_programme", "mentorkit_signal", ["tenant", "programme"]
    )
    op.create_index(
        "ix_mentorkit_signal_tenant_relationship", "mentorkit_signal", ["tenant", "relationship"]
    )
