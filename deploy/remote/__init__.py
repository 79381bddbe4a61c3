"""Serve handles worn as the contracts' generators and library, so that the orchestrator cannot tell them apart."""
