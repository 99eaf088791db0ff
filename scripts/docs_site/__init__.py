"""The documentation site's own parts: pages made from code and data when the site is built."""
