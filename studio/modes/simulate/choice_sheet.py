"""The sheet on which a reasoner or embeddings are chosen; an Ollama host is asked for its models meanwhile."""

from __future__ import annotations

from engine.choosing import Kind, ReasonerChoice
from engine.ollama.host import address_of
from engine.reasoner.base import ReasonerError
from studio.modals.ask import Pick
from studio.modes.simulate.choices import TITLES, Host, chosen_key, rows
from studio.widgets.thing_list import ThingList


class ChoiceSheet(Pick):
    """Offers what needs no server at once, and the models of a host as soon as it has named them.

    It answers the word that `ReasonerChoice` takes, `ANOTHER_HOST`, or None when the person leaves it.
    """

    def __init__(self, kind: Kind, choice: ReasonerChoice) -> None:
        """Offer what there is.

        Args:
            kind: Who is to be chosen.
            choice: Who is chosen now, and the host to ask.
        """
        self._kind = kind
        self._choice = choice
        super().__init__(TITLES[kind], rows(kind, choice, Host(address_of(choice.host))), chosen_key(kind, choice))

    def on_mount(self) -> None:
        """Ask the host."""
        self.run_worker(self._ask(), name="ask for models")

    async def _ask(self) -> None:
        from engine.ollama.models_there import server_there

        try:
            server = await server_there(self._choice.host)
            host = Host(server.address, server.models)
        except ReasonerError as error:
            host = Host(address_of(self._choice.host), fault=str(error))
        self.query_one(ThingList).show(rows(self._kind, self._choice, host))
