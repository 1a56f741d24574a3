"""Reasoners that ask a language model: prompts, answer schemas, the Ollama client, recordings."""
