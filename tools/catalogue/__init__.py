"""The catalogues of the world: open models, accelerators, licences, proprietary models, hosts. They hold no rules."""
