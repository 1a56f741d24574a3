"""A language model of an Ollama server, over a real socket and through the official client."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.ollama.models_there import ModelThere, address_of, models_there, server_there
from engine.reasoner.base import ReasonerError
from engine.reasoner.llm.model import ModelIdentity, Prompt
from engine.reasoner.llm.ollama_model import OllamaModel
from tests.ollama_server import bodies
from tests.ollama_server.beside import beside
from tests.ollama_server.script import (
    Answer,
    Break,
    Fault,
    Hold,
    Raw,
    Refusal,
    Reply,
    Request,
    Say,
    Think,
    in_order,
    pieces,
)
from tests.ollama_server.server import OllamaServer

Models = Callable[..., OllamaModel]

DRAFT = Prompt("draft", "You sell pizza.", "Customer: Are you open?")
SCHEMA = {"type": "object", "properties": {"open": {"type": ["boolean", "null"], "default": None}}}
ASKING = Prompt("match", "You sell pizza.", "Is it about opening hours?", SCHEMA, longest=300)
THINKER = bodies.ModelFile("thinker:latest", capabilities=("completion", "thinking"))


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OLLAMA_HOST", "OLLAMA_API_KEY", "CUECARD_OLLAMA_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def server() -> AsyncIterator[OllamaServer]:
    async with OllamaServer("Yes, until ten.", models=(bodies.CHATTING, bodies.EMBEDDING, THINKER)) as running:
        yield running


@pytest.fixture
async def models() -> AsyncIterator[Models]:
    """Makes models that are closed when the test is over."""
    made: list[OllamaModel] = []

    def make(*named: Any, **wanted: Any) -> OllamaModel:
        made.append(OllamaModel(*named, **wanted))
        return made[-1]

    yield make
    for model in made:
        await model.close()


@pytest.fixture
def model(server: OllamaServer, models: Models) -> OllamaModel:
    return models("scripted", server.address)


@pytest.fixture
def thinker(server: OllamaServer, models: Models) -> OllamaModel:
    return models("thinker", server.address)


async def fault_of(model: OllamaModel, prompt: Prompt = DRAFT) -> str:
    """The one line that a failing reply gives."""
    with pytest.raises(ReasonerError) as raised:
        await model.reply(prompt)
    line = str(raised.value)
    assert line == " ".join(line.split())
    return line


def unused_address() -> str:
    """An address of this machine on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{held.getsockname()[1]}"


async def test_words_are_heard_while_they_are_written_and_given_whole_with_their_counts(model: OllamaModel) -> None:
    heard: list[str] = []
    reply = await model.reply(DRAFT, heard.append)
    assert heard == ["Yes,", "Yes, until", "Yes, until ten."]
    assert reply.text == "Yes, until ten."
    assert (reply.prompt_tokens, reply.answer_tokens, reply.done_reason) == (10, 3, "stop")
    assert (reply.warning, reply.recorded) == ("", False)
    assert reply.seconds > 0


async def test_everything_that_decides_an_answer_is_sent(server: OllamaServer, model: OllamaModel) -> None:
    server.script = in_order("{}", "Yes.")
    await model.reply(ASKING)
    await model.reply(DRAFT)
    asking, draft = (chat.body for chat in server.chats)
    assert asking == {
        "model": "scripted",
        "messages": [{"role": "system", "content": ASKING.system}, {"role": "user", "content": ASKING.text}],
        "tools": [],
        "stream": True,
        "format": SCHEMA,
        "options": {**model.options, "num_predict": 300},
        "keep_alive": "30m",
    }
    assert model.options == {"num_ctx": 16384, "temperature": 0.0, "seed": 1}
    assert "format" not in draft
    assert draft["options"] == {**asking["options"], "num_predict": DRAFT.longest}


async def test_a_prompt_without_a_system_text_is_one_message(server: OllamaServer, model: OllamaModel) -> None:
    await model.reply(replace(DRAFT, system=""))
    assert server.chats[0].body["messages"] == [{"role": "user", "content": DRAFT.text}]


async def test_a_prompt_with_half_a_character_is_sent_all_the_same(server: OllamaServer, model: OllamaModel) -> None:
    await model.reply(replace(DRAFT, text="Open\ud83d? 🍕\x00"))
    assert server.chats[0].text == "Open?? 🍕\x00"


async def test_connections_are_used_again(server: OllamaServer, model: OllamaModel) -> None:
    await model.reply(DRAFT)
    await model.reply(DRAFT)
    assert server.accepted == 1


async def test_many_prompts_at_once_are_in_flight_together(server: OllamaServer, model: OllamaModel) -> None:
    gate = asyncio.Event()
    server.script = lambda request: Answer((Hold(gate), Say(request.text)))
    asking = [asyncio.create_task(model.reply(replace(DRAFT, text=f"question {number}"))) for number in range(4)]
    await server.chat(4)
    gate.set()
    assert [reply.text for reply in await asyncio.gather(*asking)] == [f"question {number}" for number in range(4)]
    assert server.most_in_flight == 4


async def test_a_cancelled_reply_closes_its_connection_at_once(server: OllamaServer, model: OllamaModel) -> None:
    heard = asyncio.Event()
    server.script = lambda _: Answer((Say("Yes"), Hold()))
    asking = asyncio.create_task(model.reply(DRAFT, lambda _: heard.set()))
    await heard.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    request = await server.chat(1)
    await request.ended.wait()
    assert request.client_left


async def test_a_reply_cancelled_before_its_first_word_closes_its_connection(
    server: OllamaServer, model: OllamaModel
) -> None:
    server.script = lambda _: Answer((Hold(),))
    asking = asyncio.create_task(model.reply(ASKING))
    request = await server.chat(1)
    asking.cancel()
    await request.ended.wait()
    assert request.client_left


async def test_a_listener_that_fails_is_not_taken_for_the_server(server: OllamaServer, model: OllamaModel) -> None:
    def listen(_: str) -> None:
        raise AttributeError("the listener's own defect")

    with pytest.raises(AttributeError, match="own defect"):
        await model.reply(DRAFT, listen)
    request = await server.chat(1)
    await request.ended.wait()
    assert (await model.reply(DRAFT)).text == "Yes, until ten."


async def test_an_answer_cut_off_says_so(server: OllamaServer, model: OllamaModel) -> None:
    reply = await model.reply(replace(DRAFT, longest=2))
    assert (reply.text, reply.done_reason) == ("Yes, until", "length")
    assert reply.warning == "the answer was cut off after 2 tokens"


@pytest.mark.parametrize(("tokens", "warned"), [(14_745, False), (14_746, True), (16_384, True)])
async def test_a_prompt_that_nearly_fills_the_context_says_so(
    server: OllamaServer, model: OllamaModel, tokens: int, warned: bool
) -> None:
    server.script = lambda _: Answer(pieces("Yes."), prompt_tokens=tokens)
    warning = (await model.reply(DRAFT)).warning
    expected = f"the prompt has {tokens:,} of the 16,384 tokens that fit: some of it may have been cut"
    assert warning == (expected if warned else "")


async def test_nobody_there_names_the_host_and_what_starts_one(models: Models) -> None:
    address = unused_address()
    expected = f"no Ollama server answers at http://{address}: start it with `ollama serve`, or name another host"
    model = models("scripted", address)
    assert await fault_of(model) == expected
    with pytest.raises(ReasonerError) as raised:
        await model.identity()
    assert str(raised.value) == expected


async def test_a_model_that_is_missing_says_how_to_get_it(server: OllamaServer, models: Models) -> None:
    expected = f"Ollama at {server.address} has no model qwen3:8b: get it with `ollama pull qwen3:8b`"
    model = models("qwen3:8b", server.address)
    assert await fault_of(model) == expected
    with pytest.raises(ReasonerError) as raised:
        await model.identity()
    assert str(raised.value) == expected


async def test_a_model_deleted_meanwhile_says_how_to_get_it(server: OllamaServer, model: OllamaModel) -> None:
    await model.reply(DRAFT)
    server.models = ()
    assert "`ollama pull scripted`" in await fault_of(model)


async def test_a_model_for_embeddings_is_no_model_to_chat_with(server: OllamaServer, models: Models) -> None:
    assert await fault_of(models("scripted-embed", server.address)) == (
        "scripted-embed cannot chat (it may be for embeddings only): choose another model"
    )


FAILURES: dict[str, tuple[Reply, str]] = {
    "an error in the middle": (
        Answer((Say("Yes"), Fault("llama runner\nhas terminated"))),
        "Ollama at {} failed while it answered: llama runner has terminated; its log says more, try again",
    ),
    "an error before the first word": (
        Answer((Fault("out of memory"),)),
        "Ollama at {} refused with status 500: out of memory; its log says more",
    ),
    "too much to do": (
        Refusal(503, "server busy, please try again"),
        "Ollama at {} refused with status 503: server busy, please try again; its log says more",
    ),
    "a connection closed in the middle": (
        Answer((Say("Yes"), Break())),
        "Ollama at {} stopped before its answer was complete: look whether it still runs "
        "(`ollama serve` starts it), and try again",
    ),
    "a connection closed before the first word": (
        Answer((Break(),)),
        "Ollama at {} stopped before its answer was complete: look whether it still runs "
        "(`ollama serve` starts it), and try again",
    ),
    "a stream without its end": (
        Answer(pieces("Yes, until"), ends=False),
        "Ollama at {} stopped before its answer was complete: look whether it still runs "
        "(`ollama serve` starts it), and try again",
    ),
    "a redirect": (
        Refusal(307, headers=(("Location", "http://127.0.0.1:9/api/chat"),)),
        "what answers at {} sends elsewhere, which is not followed: name the Ollama server itself",
    ),
    "a wish for a key": (Refusal(401, "unauthorized"), "Ollama at {} lets nobody in without a key: set OLLAMA_API_KEY"),
}
NO_OLLAMA: dict[str, Reply] = {
    "a page": Answer((Raw(b"<html>Hello</html>"),)),
    "half a line": Answer((Raw(b'{"model": "scripted", "mess'),)),
    "a list": Answer((Raw(b"[]"),)),
    "an object of another kind": Answer((Raw(b'{"choices": []}'),)),
    "a message of another kind": Answer((Raw(b'{"message": "Hello", "done": true}'),)),
    "bytes that are no text": Answer((Raw(b"\xff\xfe\x00"),)),
    "an error that is a list": Refusal(500, body=b"[]"),
    "another server's 404": Refusal(404, body=b"404 page not found"),
}
FAILURES |= {
    what: (reply, "what answers at {} does not speak Ollama's protocol: look at the host's name and port")
    for what, reply in NO_OLLAMA.items()
}


@pytest.mark.parametrize("what", FAILURES)
@pytest.mark.parametrize("prompt", [DRAFT, ASKING], ids=["words", "schema"])
async def test_every_failure_is_one_line_and_the_next_reply_succeeds(
    server: OllamaServer, model: OllamaModel, what: str, prompt: Prompt
) -> None:
    reply, expected = FAILURES[what]
    server.script = in_order(reply, "{}")
    assert await fault_of(model, prompt) == expected.format(server.address)
    assert (await model.reply(prompt)).text == "{}"


async def test_a_long_error_is_shortened(server: OllamaServer, model: OllamaModel) -> None:
    server.script = lambda _: Refusal(500, "ä\x1b[31m" * 100_000)
    line = await fault_of(model)
    assert len(line) < 400
    assert "\x1b" not in line


async def test_a_server_killed_in_the_middle_of_a_draft_is_one_line(server: OllamaServer, model: OllamaModel) -> None:
    heard = asyncio.Event()
    server.script = lambda _: Answer((Say("Yes"), Hold()))
    asking = asyncio.create_task(model.reply(DRAFT, lambda _: heard.set()))
    await heard.wait()
    await server.kill()
    with pytest.raises(ReasonerError, match="stopped before its answer was complete"):
        await asking
    assert "ollama serve" in await fault_of(model)


@pytest.mark.parametrize("parts", [(Hold(),), (Say("Yes"), Hold())], ids=["before its first word", "in the middle"])
async def test_a_server_that_hangs_is_given_up(server: OllamaServer, parts: tuple[Any, ...], models: Models) -> None:
    server.script = lambda _: Answer(parts)
    line = await fault_of(models("scripted", server.address, patience=0.05))
    assert line == (
        f"Ollama at {server.address} was silent for 0.05 seconds: look whether it still works (`ollama ps`), "
        "or allow it more with CUECARD_OLLAMA_TIMEOUT"
    )
    request = await server.chat(1)
    await request.ended.wait()
    assert request.client_left


async def test_patience_is_read_from_the_environment(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch, models: Models
) -> None:
    server.script = lambda _: Answer((Hold(),))
    monkeypatch.setenv("CUECARD_OLLAMA_TIMEOUT", "0.05")
    assert "silent for 0.05 seconds" in await fault_of(models("scripted", server.address))
    for written in ("soon", "-1", "0", "inf", "nan"):
        monkeypatch.setenv("CUECARD_OLLAMA_TIMEOUT", written)
        assert await fault_of(models("scripted", server.address)) == (
            f"CUECARD_OLLAMA_TIMEOUT is {written}: it has to be a number of seconds, e.g. 300"
        )


@pytest.mark.parametrize("host", ["http://[::1", "localhost:port", "http://user:secret@h:99999999"])
async def test_an_address_that_is_none_is_one_line_without_its_password(host: str, models: Models) -> None:
    line = await fault_of(models("scripted", host))
    assert line.endswith("is no address of an Ollama server: write it as in 127.0.0.1:11434")
    assert "secret" not in line


async def test_the_host_of_the_environment_is_asked_where_none_is_named(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch, models: Models
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", server.address)
    assert (await models("scripted").reply(DRAFT)).text == "Yes, until ten."


async def test_the_key_goes_to_the_host_and_never_to_where_it_redirects(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch, models: Models
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "k3y")
    async with OllamaServer() as elsewhere:
        target = f"{elsewhere.address}/api/chat"
        server.script = lambda _: Refusal(307, headers=(("Location", target),))
        await fault_of(models("scripted", server.address))
        assert server.chats[0].headers["authorization"] == "Bearer k3y"
        assert elsewhere.requests == []


@pytest.mark.parametrize("key", ["two\nlines", "k€y"])
async def test_a_key_that_cannot_be_sent_is_not_told(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch, key: str, models: Models
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", key)
    line = await fault_of(models("scripted", server.address))
    assert line == "OLLAMA_API_KEY cannot be sent: it has to be one line of plain letters and digits"


async def test_proxies_of_the_environment_are_not_used(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch, models: Models
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://{unused_address()}")
    assert (await models("scripted", server.address).reply(DRAFT)).text == "Yes, until ten."


async def test_a_model_that_can_think_is_told_not_to_and_others_are_told_nothing(
    server: OllamaServer, model: OllamaModel, thinker: OllamaModel
) -> None:
    server.script = lambda _: Answer((Think("Hm."), Say("Yes.")))
    assert (await thinker.reply(DRAFT)).text == "Yes."
    await model.reply(DRAFT)
    assert [chat.body.get("think") for chat in server.chats] == [False, None]
    assert [request.path for request in server.requests].count("/api/show") == 2


def confused_by_think(request: Request) -> Reply:
    """A model that ignores its schema as long as it is told not to think."""
    if "think" in request.body:
        return "Yes, it is about opening hours."
    return Answer((Think("Hm."), *pieces('{"open": true}')))


async def test_a_model_whose_schema_conflicts_with_think_is_asked_again_and_then_always_without_it(
    server: OllamaServer, thinker: OllamaModel
) -> None:
    server.script = confused_by_think
    assert json.loads((await thinker.reply(ASKING)).text) == {"open": True}
    assert json.loads((await thinker.reply(ASKING)).text) == {"open": True}
    assert [chat.body.get("think") for chat in server.chats] == [False, None, None]


async def test_an_answer_that_was_cut_off_is_not_asked_for_again(server: OllamaServer, thinker: OllamaModel) -> None:
    server.script = lambda _: '{"open": true, "until": "ten"}'
    reply = await thinker.reply(replace(ASKING, longest=2))
    assert (reply.text, reply.done_reason) == ('{"open": true,', "length")
    assert len(server.chats) == 1


async def test_an_answer_that_is_no_json_is_given_back_as_it_is(server: OllamaServer, model: OllamaModel) -> None:
    server.script = lambda _: "Sure! {"
    assert (await model.reply(ASKING)).text == "Sure! {"
    assert len(server.chats) == 1


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("<think>They ask for hours. </think>\n\nYes, until ten.", "Yes, until ten."),
        ("\n<think>\n</think>Yes.", "Yes."),
        ("<think>They never end", ""),
        ("<3 is a heart, <think> a tag.", "<3 is a heart, <think> a tag."),
        ("1 < 2", "1 < 2"),
    ],
)
async def test_thoughts_written_into_an_answer_are_never_words(
    server: OllamaServer, model: OllamaModel, said: str, expected: str
) -> None:
    server.script = lambda _: Answer(tuple(Say(letter) for letter in said))
    heard: list[str] = []
    assert (await model.reply(DRAFT, heard.append)).text == expected
    assert all(expected.startswith(words.rstrip()) for words in heard)


async def test_an_identity_is_asked_once(server: OllamaServer, model: OllamaModel) -> None:
    expected = ModelIdentity("scripted", bodies.CHATTING.digest, "0.12.6")
    assert await model.identity() == expected
    server.models = ()
    assert await model.identity() == expected
    assert [request.path for request in server.requests] == ["/api/tags", "/api/version"]


async def test_a_server_that_was_started_anew_is_asked_as_before(server: OllamaServer, model: OllamaModel) -> None:
    await model.reply(DRAFT)
    port = int(server.address.rpartition(":")[2])
    await server.kill()
    await server.start(port)
    assert (await model.reply(DRAFT)).text == "Yes, until ten."


def test_a_model_serves_one_event_loop_after_the_other() -> None:
    with beside(OllamaServer("Yes.")) as server:
        model = OllamaModel("scripted", server.address)

        async def once(*, last: bool) -> str:
            reply = await model.reply(DRAFT)
            if last:
                await model.close()
            return reply.text

        assert [asyncio.run(once(last=False)), asyncio.run(once(last=True))] == ["Yes.", "Yes."]


async def test_models_are_listed_by_name_with_what_they_are(server: OllamaServer, models: Models) -> None:
    await models("scripted", server.address).reply(DRAFT)
    there = await server_there(server.address)
    assert (there.address, there.version) == (server.address, "0.12.6")
    names = ["scripted-embed:latest", "scripted:latest", "thinker:latest"]
    assert [model.name for model in there.models] == names
    assert [model.name for model in there.models if model.embeds] == names[:1]
    assert [model.name for model in there.models if model.chats] == names[1:]
    assert [model.name for model in there.models if model.loaded] == ["scripted:latest"]
    chatting = there.models[1]
    assert (chatting.size, chatting.parameters, chatting.quantization) == (2_019_393_189, "3.2B", "Q4_K_M")
    assert chatting.family == "llama"
    assert chatting.modified is not None
    assert await models_there(server.address) == list(there.models)


async def test_a_server_without_models_lists_none(server: OllamaServer) -> None:
    server.models = ()
    assert await models_there(server.address) == []


async def test_listing_where_nobody_listens_is_one_line() -> None:
    with pytest.raises(ReasonerError, match="start it with `ollama serve`"):
        await models_there(unused_address())


def test_what_older_servers_do_not_say_is_taken_from_the_family() -> None:
    assert ModelThere("a", family="nomic-bert").embeds
    assert not ModelThere("a", family="nomic-bert").chats
    assert ModelThere("a", family="llama").chats
    assert not ModelThere("a", family="llama").embeds


def test_an_address_is_shown_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    assert address_of() == "127.0.0.1:11434"
    assert address_of("https://me:secret@example.com/ollama/") == "https://example.com/ollama"
    monkeypatch.setenv("OLLAMA_HOST", "10.0.0.7")
    assert address_of() == "10.0.0.7"


def test_naming_a_model_loads_nothing_of_the_client() -> None:
    code = (
        "import sys; from engine.ollama import models_there; from engine.reasoner.llm import ollama_model;"
        "ollama_model.OllamaModel('a');"
        "models_there.address_of(); print({'ollama', 'httpx'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_the_environment_sets_another_context_and_a_wrong_one_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUECARD_OLLAMA_CONTEXT", "4096")
    assert OllamaModel("m").options["num_ctx"] == 4096
    for wrong in ("much", "512", "-1"):
        monkeypatch.setenv("CUECARD_OLLAMA_CONTEXT", wrong)
        with pytest.raises(ReasonerError, match=f"_CONTEXT is '{wrong}': it has to be a number of tokens"):
            OllamaModel("m")
