"""An Ollama server as everybody here meets it: its address, its errors in one line, its models."""
