"""What turns texts into vectors: MiniLM in numpy, a model of Ollama's; their vectors kept on disk."""
