"""The page's tabs beside the conversation, one module each; every `tab` puts its components where it is called."""
