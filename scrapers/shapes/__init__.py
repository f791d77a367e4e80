"""What bodies are made of, and what has changed since the last good ones."""
