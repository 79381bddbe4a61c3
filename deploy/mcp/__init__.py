"""Lexhub for other people's agents: the Model Context Protocol over stdio and HTTP, on top of the public API.

`tools/` holds one file for each tool, `server.py` makes an MCP server of them, `http.py` and `stdio.py` carry it.
"""
