"""What running a language model in this process takes: loading, choosing tokens, turning them into text."""
