"""The page in the browser: what it shows and how it is served. It decides nothing and keeps no fact."""
