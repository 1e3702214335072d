"""The built-ins, loaded exactly as anyone else's plugins would be."""
