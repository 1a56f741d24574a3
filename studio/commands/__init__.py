"""One module a command, each with `run(arguments) -> exit code`; loaded only when its command is called."""
