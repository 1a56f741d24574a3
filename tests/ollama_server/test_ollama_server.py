"""The scripted server, through the official client and over bare sockets: it has to be as Ollama is."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import jsonschema
import ollama
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ollama_server import bodies, by_schema
from tests.ollama_server.beside import beside
from tests.ollama_server.embedding import vector
from tests.ollama_server.script import (
    Answer,
    Break,
    Fault,
    Hold,
    Raw,
    Refusal,
    Say,
    Think,
    in_order,
    pieces,
    policy,
    where,
)
from tests.ollama_server.server import OllamaServer

ASKED = [{"role": "user", "content": "Are you there?"}]
THINKING = bodies.ModelFile("thinker:latest", capabilities=("completion", "thinking"))


@pytest.fixture
async def server() -> AsyncIterator[OllamaServer]:
    async with OllamaServer("Yes, I am here.") as running:
        yield running


@pytest.fixture
async def client(server: OllamaServer) -> AsyncIterator[ollama.AsyncClient]:
    async with ollama.AsyncClient(server.address, trust_env=False) as made:
        yield made


async def chunks(client: ollama.AsyncClient, **wanted: Any) -> list[ollama.ChatResponse]:
    stream = await client.chat("scripted", ASKED, stream=True, **wanted)
    return [part async for part in stream]


async def test_a_stream_comes_word_by_word_and_its_last_line_counts_tokens(client: ollama.AsyncClient) -> None:
    parts = await chunks(client)
    assert [part.message.content for part in parts] == ["Yes,", " I", " am", " here.", ""]
    assert [part.done for part in parts] == [False] * 4 + [True]
    last = parts[-1]
    assert (last.done_reason, last.prompt_eval_count, last.eval_count) == ("stop", 4, 4)


async def test_without_a_stream_the_answer_is_one_object(client: ollama.AsyncClient) -> None:
    reply = await client.chat("scripted", ASKED)
    assert (reply.message.content, reply.done, reply.eval_count) == ("Yes, I am here.", True, 4)


async def test_a_raw_stream_is_lines_of_json(server: OllamaServer) -> None:
    async with httpx.AsyncClient(base_url=server.address, trust_env=False) as bare:
        reply = await bare.post("/api/chat", json={"model": "scripted", "messages": ASKED})
    assert reply.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in reply.text.splitlines()]
    assert lines[0] == {
        "model": "scripted",
        "created_at": bodies.MOMENT,
        "message": {"role": "assistant", "content": "Yes,"},
        "done": False,
    }


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("/api/chat", {"model": "nobody", "messages": ASKED}, 404, "model 'nobody' not found"),
        ("/api/chat", {"messages": ASKED}, 400, "model is required"),
        ("/api/chat", {"model": "scripted-embed"}, 400, '"scripted-embed" does not support chat'),
        ("/api/chat", {"model": "scripted", "think": True}, 400, '"scripted" does not support thinking'),
        ("/api/show", {"model": "nobody"}, 404, "model 'nobody' not found"),
        ("/api/embed", {"model": "nobody", "input": "a"}, 404, "model 'nobody' not found"),
        ("/api/pull", {"model": "nobody", "stream": False}, 500, "pull model manifest: file does not exist"),
    ],
)
async def test_what_cannot_be_done_is_refused_as_ollama_does(
    server: OllamaServer, path: str, body: dict[str, Any], status: int, error: str
) -> None:
    async with httpx.AsyncClient(base_url=server.address, trust_env=False) as bare:
        reply = await bare.post(path, json=body)
    assert (reply.status_code, reply.json()) == (status, {"error": error})


async def test_a_body_that_is_no_json_is_refused(server: OllamaServer) -> None:
    async with httpx.AsyncClient(base_url=server.address, trust_env=False) as bare:
        assert (await bare.post("/api/chat", content=b"{")).status_code == 400
        assert (await bare.post("/api/chat")).json() == {"error": "missing request body"}
        assert (await bare.get("/nowhere")).text == "404 page not found"


async def test_head_and_get_of_the_root_say_that_it_runs(server: OllamaServer) -> None:
    async with httpx.AsyncClient(base_url=server.address, trust_env=False) as bare:
        head, got = await bare.head("/"), await bare.get("/")
    assert (head.status_code, head.content, got.text) == (200, b"", "Ollama is running")


async def test_a_chat_without_messages_loads_and_unloads(client: ollama.AsyncClient) -> None:
    assert (await client.chat("scripted")).done_reason == "load"
    assert [model.model for model in (await client.ps()).models] == ["scripted:latest"]
    assert (await client.chat("scripted", keep_alive=0)).done_reason == "unload"
    assert (await client.ps()).models == []


async def test_models_are_listed_and_shown(client: ollama.AsyncClient) -> None:
    listed = (await client.list()).models
    assert [model.model for model in listed] == ["scripted:latest", "scripted-embed:latest"]
    assert listed[0].digest == bodies.CHATTING.digest
    assert (await client.show("scripted-embed")).capabilities == ["embedding"]


async def test_a_pull_fails_in_its_stream(client: ollama.AsyncClient) -> None:
    with pytest.raises(ollama.ResponseError, match="file does not exist"):
        [_ async for _ in await client.pull("nobody", stream=True)]


async def test_embeddings_are_unit_vectors_in_which_like_words_are_near(client: ollama.AsyncClient) -> None:
    texts = ["cancel my order", "please cancel the order", "what is the weather like"]
    first, near, far = (await client.embed("scripted-embed", texts)).embeddings
    assert sum(value * value for value in first) == pytest.approx(1, abs=1e-5)
    product = [sum(a * b for a, b in zip(first, other, strict=True)) for other in (near, far)]
    assert product[0] > 0.5 > product[1]
    assert (await client.embed("scripted-embed", texts[0])).embeddings == [first]


@given(st.text())
def test_every_text_has_a_unit_vector(text: str) -> None:
    assert sum(value * value for value in vector(text)) == pytest.approx(1, abs=1e-5)


async def test_scripts_choose_by_order_and_by_rule(server: OllamaServer, client: ollama.AsyncClient) -> None:
    server.script = in_order("one", "two")
    said = [(await client.chat("scripted", ASKED)).message.content for _ in range(3)]
    assert said == ["one", "two", "two"]
    server.script = where((lambda request: "there" in request.text, "found"), otherwise="lost")
    assert (await client.chat("scripted", ASKED)).message.content == "found"


async def test_num_predict_cuts_an_answer_and_says_so(client: ollama.AsyncClient) -> None:
    reply = await client.chat("scripted", ASKED, options={"num_predict": 2})
    assert (reply.message.content, reply.done_reason, reply.eval_count) == ("Yes, I", "length", 2)


async def test_a_prompt_longer_than_the_context_is_cut_to_it(client: ollama.AsyncClient) -> None:
    reply = await client.chat("scripted", [{"role": "user", "content": "x" * 9_000}], options={"num_ctx": 2048})
    assert reply.prompt_eval_count == 2048


async def test_thinking_is_left_out_when_it_is_not_wanted(server: OllamaServer, client: ollama.AsyncClient) -> None:
    server.models = (THINKING,)
    server.script = lambda _: Answer((Think("Hm."), Say("Yes.")))
    assert (await client.chat("thinker", ASKED)).message.thinking == "Hm."
    assert (await client.chat("thinker", ASKED, think=False)).message.thinking is None


async def test_an_error_after_the_first_word_is_a_line_and_before_it_a_status(
    server: OllamaServer, client: ollama.AsyncClient
) -> None:
    server.script = in_order(Answer((Say("Yes"), Fault("out of memory"))), Answer((Fault("out of memory"),)))
    with pytest.raises(ollama.ResponseError) as late:
        await chunks(client)
    with pytest.raises(ollama.ResponseError) as early:
        await chunks(client)
    assert (late.value.error, late.value.status_code) == ("out of memory", -1)
    assert (early.value.error, early.value.status_code) == ("out of memory", 500)


async def test_a_broken_connection_and_rubbish_reach_the_client(
    server: OllamaServer, client: ollama.AsyncClient
) -> None:
    server.script = in_order(Answer((Say("Yes"), Break())), Answer((Raw(b"<html>"),)), Refusal(503, "busy"))
    with pytest.raises(httpx.RemoteProtocolError):
        await chunks(client)
    with pytest.raises(json.JSONDecodeError):
        await chunks(client)
    with pytest.raises(ollama.ResponseError, match="busy"):
        await chunks(client)


async def test_held_replies_wait_and_are_counted_in_flight(server: OllamaServer, client: ollama.AsyncClient) -> None:
    gate = asyncio.Event()
    server.script = lambda _: Answer((Hold(gate), Say("Yes.")))
    waiting = [asyncio.create_task(client.chat("scripted", ASKED)) for _ in range(3)]
    await server.chat(3)
    assert not any(task.done() for task in waiting)
    gate.set()
    await asyncio.gather(*waiting)
    await client.chat("scripted", ASKED)
    assert (server.most_in_flight, server.deepest, len(server.chats)) == (3, 2, 4)


async def test_a_client_that_leaves_is_noticed(server: OllamaServer, client: ollama.AsyncClient) -> None:
    server.script = lambda _: Answer((Say("Yes"), Hold()))
    asking = asyncio.create_task(chunks(client))
    request = await server.chat(1)
    asking.cancel()
    await request.ended.wait()
    assert request.client_left


async def test_a_killed_server_drops_its_connections_and_refuses_new_ones(server: OllamaServer) -> None:
    server.script = lambda _: Answer((Say("Yes"), Hold()))
    async with ollama.AsyncClient(server.address, trust_env=False) as client:
        asking = asyncio.create_task(chunks(client))
        await server.chat(1)
        await server.kill()
        with pytest.raises(httpx.TransportError):
            await asking
        with pytest.raises(ConnectionError):
            await client.list()


def test_a_server_beside_serves_code_with_a_loop_of_its_own() -> None:
    with beside(OllamaServer("Yes.")) as server, ollama.Client(server.address, trust_env=False) as client:
        assert client.chat("scripted", ASKED).message.content == "Yes."
        assert client.chat("scripted", ASKED, stream=False).done
    assert len(server.chats) == 2


SCHEMAS = st.recursive(
    st.sampled_from(
        [
            {"type": "boolean", "description": "Whether they are there"},
            {"type": "integer", "minimum": 3},
            {"type": "string", "minLength": 4},
            {"enum": ["stay", "leave"]},
            {"const": "fixed"},
            {"anyOf": [{"type": "number"}, {"type": "null"}]},
            {"$ref": "#/$defs/Name"},
        ]
    ),
    lambda inner: st.one_of(
        st.builds(lambda item, least: {"type": "array", "items": item, "minItems": least}, inner, st.integers(0, 2)),
        st.builds(
            lambda fields: {"type": "object", "properties": fields, "required": list(fields)},
            st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
        ),
    ),
    max_leaves=6,
)


@given(SCHEMAS)
def test_the_policy_by_schema_fits_every_schema(inner: dict[str, Any]) -> None:
    schema = {
        "type": "object",
        "properties": {"answer": inner},
        "required": ["answer"],
        "$defs": {"Name": {"type": "string"}},
    }
    text = by_schema.answer({"messages": ASKED, "format": schema})
    jsonschema.validate(json.loads(text), schema)


async def test_a_policy_is_asked_with_the_body(server: OllamaServer, client: ollama.AsyncClient) -> None:
    server.script = policy(by_schema.answer)
    reply = await client.chat("scripted", ASKED, format={"type": "object", "properties": {"n": {"type": "integer"}}})
    assert json.loads(reply.message.content or "") == {"n": 0}
    assert server.chats[0].schema is not None
    assert (await client.chat("scripted", ASKED)).message.content == by_schema.PLAIN


def test_words_put_together_again_are_the_text() -> None:
    for text in ("", "one", " two  words \n", "a\n\nb"):
        assert "".join(piece.text for piece in pieces(text)) == text


async def test_as_a_process_it_prints_its_address_and_answers() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.ollama_server", "--script", "hello", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        address = (await process.stdout.readline()).decode().strip()
        async with ollama.AsyncClient(address, trust_env=False) as client:
            assert (await client.chat("scripted", ASKED)).message.content == "Hello! How can I help you today?"
    finally:
        process.terminate()
        await process.wait()
