"""The model of leads: one, a list, or lists by kind of release."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, Tag

from reminder.config.schema import fields
from reminder.config.schema.fields import ONE_OR_MORE
from reminder.config.schema.spec import Built, Spec, one_form
from reminder.core.model.lead import KINDS, Ladder, Lead

Leads = Annotated[tuple[fields.LeadField, ...], ONE_OR_MORE]


class LadderSpec(Spec):
    """A ladder by kind of release."""

    model_config = ConfigDict(title="leads by kind of release")

    premiere: Leads | None = Field(None, description="Leads of the premiere.")
    episode: Leads | None = Field(None, description="Leads of every later drop. Without it: day.")
    finale: Leads | None = Field(None, description="Leads of the last drop. Without it: day.")


def _ladder(written: Lead | tuple[Lead, ...] | LadderSpec) -> Ladder:
    if isinstance(written, LadderSpec):
        said = {kind: getattr(written, kind) for kind in KINDS}
        return Ladder.parse({kind: [str(lead) for lead in leads] for kind, leads in said.items() if leads is not None})
    return Ladder.parse([str(lead) for lead in ((written,) if isinstance(written, Lead) else written)])


LadderForm = Annotated[
    Annotated[fields.LeadField, Tag("~text")]
    | Annotated[tuple[fields.LeadField, ...], Tag("~list")]
    | Annotated[LadderSpec, Tag("~mapping")],
    one_form("write a list of leads, as in [7d, 1d, day]"),
]
LadderField = Annotated[Ladder, Built(LadderForm, _ladder)]
