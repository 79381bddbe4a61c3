"""Who may call, and how much: API keys, their rates and quotas, and what they used."""
