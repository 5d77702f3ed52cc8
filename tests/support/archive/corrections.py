"""What tests of corrections share."""

from archive.call.corrections import (
    AgentCorrected,
    ByParticipant,
    BySide,
    ByStream,
    Change,
    ControllerCorrected,
    NoteWritten,
    NumberCorrected,
    PurposeCorrected,
    QueueCorrected,
    SideCorrected,
    TagAdded,
    TagRemoved,
)

WHOM = ByParticipant(participant="Sato Hanako")


CHANGES: tuple[Change, ...] = (
    AgentCorrected(whom=WHOM, agent_id="A17", confidence="likely"),
    SideCorrected(whom=BySide(side="customer"), side="agent"),
    NumberCorrected(whom=ByStream(stream=1), number="03-1234-7788"),
    QueueCorrected(queue="support"),
    ControllerCorrected(controller="acme"),
    PurposeCorrected(purposes=("quality", "training")),
    TagAdded(tag="佐藤様"),
    TagRemoved(tag="佐藤様"),
    NoteWritten(text="Sato called back on 03-1234-7788"),
)
